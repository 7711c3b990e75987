"""The threshold to any number of digits, by multiple shooting at Gauss points."""
