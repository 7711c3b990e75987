"""`python -m anneal_theory.cli` is `anneal-theory`."""

from anneal_theory.cli import main

if __name__ == "__main__":
    main()
