"""The difference between books and bank as reasons: what each side has, what lies between them, and since when."""

from datetime import date

from tokolib.kernel.explain import Reason, reason
from tokolib.kernel.money import Money
from tokolib.reconciliation.items import Account, Item, Why


def reason_of(account: Account, as_of: date) -> Reason:
    """Why the books of one currency and its bank differ. The amounts below the first two add up to the difference."""
    whys = [each for each in Why if any(item.why is each for item in account.items)]
    return reason(
        "reconciliation.difference",
        account.difference,
        reason("reconciliation.books", account.books),
        reason("reconciliation.bank", account.bank),
        *(_of_why(account, why, as_of) for why in whys),
        currency=account.currency.code,
        as_of=as_of,
    )


def _of_why(account: Account, why: Why, as_of: date) -> Reason:
    items = [each for each in account.items if each.why is why]
    told = [_of_item(each, as_of) for each in items if each.is_open]
    return reason(f"reconciliation.{why}", account.because(why), *told, count=len(items))


def _of_item(item: Item, as_of: date) -> Reason:
    days = (as_of - item.on).days
    amount = Money(item.weight, item.amount.currency)
    return reason(f"reconciliation.in_{item.place}", amount, what=item.what, on=item.on, days=days)
