"""What a type checker must refuse about money: each marked line, with that code."""

from tokolib.kernel.money import Money, currency

IDR = currency("IDR")

IDR(0.1)  # E: arg-type
Money.minor("1250", IDR)  # E: arg-type
Money.minor(1250, "IDR")  # E: arg-type
IDR(75_000) + 1  # E: operator
IDR(75_000) * 0.5  # E: operator
IDR(75_000).currency = IDR  # E: misc
