"""Numerals spelled out: the value of `twenty-five`, of 二十五, of 三百万."""
