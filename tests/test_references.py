"""What pages, docstrings and metadata refer to outside: addresses are well formed, papers are those of CITATION.cff."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
CITED = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
KINDS = {"*.md", "*.py", "*.html", "*.toml", "*.cff", "*.ipynb"}
TEXTS = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for folder in ("anneal_theory", "derivations", "docs", ".")
    for kind in KINDS
    for path in ((ROOT / folder).glob(kind) if folder == "." else (ROOT / folder).rglob(kind))
    if "_build" not in path.parts
}
# An address ends before what closes the text that it stands in.
ADDRESS = re.compile(r"\bhttps?:[^\s<>\"'`|)\]}*]*[^\s<>\"'`|)\]}*.,;:]")
ARXIV = re.compile(r"arxiv(?:\.org/(?:abs|pdf)/|[:\s]+)(\d{4}\.\d{4,5})", re.IGNORECASE)
DOI = re.compile(r"\b10\.\d{4,9}/[\w.()/-]*?(?=\.pdf\b|[\s\"'`>)\]]|[.,;]\s|$)")
NAMESPACE = "http://www.w3.org/"  # the name of a language, which nothing fetches
MADE_UP = (".example", "localhost", "127.0.0.1")  # hosts of examples


def found_in(pattern):
    return {(name, one) for name, text in TEXTS.items() for one in pattern.findall(text)}


def faults_of(address):
    """What is wrong with an address, in words; empty where nothing is."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme != "https":
        return "not https"
    if not re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", host):
        return "no host"
    if parts.username or parts.port or re.search(r"[^!-~]|//", parts.path):
        return "no plain path"
    return ""


def test_every_address_of_another_host_is_https_and_well_formed():
    addresses = {
        (name, one)
        for name, one in found_in(ADDRESS)
        if not one.startswith(NAMESPACE) and not (urlsplit(one).hostname or "x").endswith(MADE_UP)
    }
    assert len(addresses) > 15
    assert {(name, one, faults_of(one)) for name, one in addresses if faults_of(one)} == set()


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("http://arxiv.org/abs/2602.12923", "not https"),
        ("https:/arxiv.org", "no host"),
        ("https://arxiv/abs", "no host"),
        ("https://arxiv.org//abs", "no plain path"),
        ("https://arxiv.org/abs/2602.12923", ""),
    ],
)
def test_a_malformed_address_is_told(address, fault):
    assert faults_of(address) == fault


def cited(kind):
    """The numbers of one kind in the references."""
    own = {"arxiv": set(), "doi": set()}
    for one in CITED["references"]:
        own["doi"] |= {one["doi"]} if "doi" in one else set()
        for other in one.get("identifiers", []):
            own["arxiv"] |= set(ARXIV.findall(other["value"]))
    return own[kind]


def test_every_paper_that_is_named_by_a_number_is_one_of_the_references():
    assert {one for _, one in found_in(ARXIV)} == cited("arxiv")
    assert {one for _, one in found_in(DOI)} == cited("doi")


def test_an_address_of_a_reference_is_that_of_its_number():
    for one in CITED["references"]:
        numbers = {number for other in one.get("identifiers", []) for number in ARXIV.findall(other["value"])}
        if "url" in one:
            assert {one["url"]} == {f"https://arxiv.org/abs/{number}" for number in numbers}


def test_every_reference_has_a_title_a_kind_and_authors_by_name():
    for one in CITED["references"]:
        assert {"title", "type", "authors", "year"} <= one.keys()
        assert all({"family-names", "given-names"} <= person.keys() or "alias" in person for person in one["authors"])


def test_the_page_on_citing_says_what_the_references_say():
    """The paper, its predecessor and the authors' code stand first; the page and the README name all three."""
    page, readme = TEXTS["docs/how_to/cite.md"], TEXTS["README.md"]
    paper, before, code = CITED["references"][:3]
    for one in (paper, before):
        (number,) = ARXIV.findall(one["identifiers"][0]["value"])
        plain = page.replace(r"Gabri{\'e}", "Gabrié").replace("{Gaussian}", "Gaussian")
        entry = next(part for part in plain.split("@article")[1:] if number in part)
        assert f"title  = {{{one['title']}}}" in entry
        people = " and ".join(f"{person['family-names']}, {person['given-names']}" for person in one["authors"])
        assert f"author = {{{people}}}" in entry
        assert number in readme
        for name, of_entry in (("volume", "volume"), ("issue", "number"), ("start", "pages"), ("year", "year")):
            if name in one:
                assert re.search(rf"^  {of_entry} += \{{{one[name]}\}}", entry, re.MULTILINE)
    for text in (page, readme):
        assert code["repository-code"] in text
    assert f"commit {code['commit']}" in page
