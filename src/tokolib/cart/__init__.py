"""What somebody wishes to buy: lines, coupons, merging, limits, and problems that come with their fixes.

A cart promises nothing: prices, stock and coupons are checked when it is quoted. What stands in its way is not an
exception but a list of problems, each with a fix that a program can carry out.
"""
