"""The threshold to any number of digits, by multiple shooting with power series."""
