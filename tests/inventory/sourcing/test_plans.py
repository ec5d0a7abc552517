"""Stories of orders that leave from several warehouses: what is chosen, and how it is told."""

from tokolib.inventory import Allocation, LocationCost, SourcingCost, SourcingDemand, Unsourced, source
from tokolib.kernel.money import IDR

COFFEE, MUG = SourcingDemand("1", "kopi", 3), SourcingDemand("2", "mug", 1)
JAWA = {"jakarta": LocationCost(use=9_000, per_step=1_000), "surabaya": LocationCost(use=20_000, per_step=1_000)}


def cost(**terms) -> SourcingCost:
    """Jakarta is near, Surabaya far, and a step that can't be had costs 100,000 rupiah."""
    return SourcingCost(**{"currency": IDR, "locations": JAWA, "short": 100_000} | terms)


def test_one_parcel_from_afar_beats_two():
    """Surabaya has all of it; sending the coffee from Jakarta would cost a second parcel."""
    levels = {("jakarta", "kopi"): 3, ("surabaya", "kopi"): 3, ("surabaya", "mug"): 1}

    plan = source([COFFEE, MUG], levels, cost(split=2_000))

    assert ("surabaya",) == plan.locations
    assert (24_000, True, 24_000, 0) == (plan.total, plan.exact, plan.lower, plan.gap)


def test_what_one_lacks_comes_from_the_other():
    """Two steps leave from the cheap location, and the third from the dear one, with a further parcel."""
    plan = source([COFFEE], {("jakarta", "kopi"): 2, ("surabaya", "kopi"): 9}, cost())

    assert (Allocation("1", "kopi", "surabaya", 3),) == plan.allocations

    handling = {"surabaya": LocationCost(use=20_000, per_step=15_000), "jakarta": JAWA["jakarta"]}
    plan = source([COFFEE], {("jakarta", "kopi"): 2, ("surabaya", "kopi"): 9}, cost(locations=handling, split=500))

    assert (Allocation("1", "kopi", "jakarta", 2), Allocation("1", "kopi", "surabaya", 1)) == plan.allocations
    assert (29_000, 17_000, 0, 500, 0) == (
        plan.parts.use,
        plan.parts.handling,
        plan.parts.carriage,
        plan.parts.splits,
        plan.parts.short,
    )


def test_weight_is_charged_by_the_gram_and_rounded_up_by_the_step():
    """3 × 250 g at 9,001 rupiah a kilogram are 3 × 2,251 rupiah."""
    terms = {"jakarta": LocationCost(use=10_000, per_kilogram=9_001)}

    plan = source([COFFEE], {("jakarta", "kopi"): 3}, cost(locations=terms, grams={"kopi": 250}))

    assert (3 * 2_251, 16_753) == (plan.parts.carriage, plan.total)


def test_a_limit_of_parcels_leaves_short_what_it_must():
    """With one parcel allowed, the location with the dearer shortage wins."""
    levels = {("jakarta", "kopi"): 3, ("surabaya", "mug"): 1}

    plan = source([COFFEE, MUG], levels, cost(most_parcels=1))

    assert (("jakarta",), (Unsourced("2", "mug", 1),)) == (plan.locations, plan.short)


def test_a_restriction_reroutes_the_others():
    """What may leave from anywhere gives way to what may only leave from Jakarta."""
    bound = SourcingDemand("3", "kopi", 2, locations=["jakarta"])
    levels = {("jakarta", "kopi"): 3, ("surabaya", "kopi"): 2}

    plan = source([COFFEE, bound], levels, cost())

    assert () == plan.short
    assert Allocation("3", "kopi", "jakarta", 2) in plan.allocations


def test_a_dearer_location_makes_a_cheaper_one_change_whom_it_serves():
    """Medan can only serve the first line, so Jakarta, which served it, turns to the second."""
    first = SourcingDemand("1", "kopi", 2, locations=["jakarta", "medan"])
    second = SourcingDemand("2", "kopi", 2, locations=["jakarta", "surabaya"])
    levels = {("jakarta", "kopi"): 2, ("medan", "kopi"): 2}
    terms = JAWA | {"medan": LocationCost(per_step=5_000)}

    plan = source([first, second], levels, cost(locations=terms))

    assert (Allocation("1", "kopi", "medan", 2), Allocation("2", "kopi", "jakarta", 2)) == plan.allocations


def test_a_kit_never_leaves_in_halves():
    """Jakarta has the coffee and Surabaya the mug: as a kit, neither leaves."""
    levels = {("jakarta", "kopi"): 3, ("surabaya", "mug"): 1}
    kit = [
        SourcingDemand("1/kopi", "kopi", 3, together="1"),
        SourcingDemand("1/mug", "mug", 1, together="1"),
    ]

    assert (400_000, ()) == (source(kit, levels, cost()).total, source(kit, levels, cost()).allocations)
    assert () == source([COFFEE, MUG], levels, cost()).short


def test_kits_with_names_of_their_own_may_part():
    """Five kits of which no location has the parts for more than three leave from two."""
    kits = [
        part
        for kit in "abcde"
        for part in (
            SourcingDemand(f"{kit}/kopi", "kopi", 2, together=kit),
            SourcingDemand(f"{kit}/mug", "mug", 1, together=kit),
        )
    ]
    levels = {("jakarta", "kopi"): 6, ("jakarta", "mug"): 9, ("surabaya", "kopi"): 9, ("surabaya", "mug"): 2}

    plan = source(kits, levels, cost())

    assert ((), True) == (plan.short, plan.exact)
    assert 3 == sum(each.steps for each in plan.allocations if (each.location, each.key) == ("jakarta", "mug"))


def test_among_plans_of_one_cost_the_preferred_location_wins():
    """Where two cost the same, the order decides, and without one the name."""
    alike = {"jakarta": LocationCost(use=5), "surabaya": LocationCost(use=5)}
    levels = {("jakarta", "mug"): 1, ("surabaya", "mug"): 1}

    assert ("jakarta",) == source([MUG], levels, cost(locations=alike)).locations
    assert ("surabaya",) == source([MUG], levels, cost(locations=alike, order=("surabaya",))).locations


def test_going_short_can_be_the_cheaper_plan():
    """Where a shortage costs less than the parcel, nothing is sent; where it costs the same, goods leave."""
    levels = {("jakarta", "mug"): 1}

    assert () == source([MUG], levels, cost(short=9_999)).allocations
    assert () == source([MUG], levels, cost(short=10_000)).short


def test_many_kits_beside_single_demands_are_settled_within_the_work():
    """Twenty kits that compete with a line for their parts are exact, without a deep recursion."""
    kits = [SourcingDemand(f"kit-{at:03}", "kopi", 2, together=f"kit-{at:03}") for at in range(20)]
    levels = {("jakarta", "kopi"): 25, ("surabaya", "kopi"): 25}

    plan = source([*kits, COFFEE], levels, cost())

    assert (True, ()) == (plan.exact, plan.short)


def test_kits_that_compete_for_parts_are_settled_one_against_the_other():
    """The small kit would take the only location of the large one; all leave, because it gives way."""
    large = SourcingDemand("large", "kopi", 3, together="large", locations=["jakarta"])
    small = SourcingDemand("small", "kopi", 2, together="small")
    odd = SourcingDemand("odd", "mug", 4, together="odd")
    levels = {("jakarta", "kopi"): 4, ("surabaya", "kopi"): 3, ("surabaya", "mug"): 4}

    plan = source([small, large, odd], levels, cost(short_of={"kopi": 90_000, "mug": 50_000}))

    assert ((), True) == (plan.short, plan.exact)
    assert Allocation("small", "kopi", "surabaya", 2) in plan.allocations


def test_a_plan_explains_itself_in_both_languages():
    """Locations with what leaves from them, further parcels, what is short, and what is proved."""
    far = JAWA | {"surabaya": LocationCost(use=20_000, per_step=15_000)}
    levels = {("jakarta", "kopi"): 2, ("surabaya", "kopi"): 9}
    plan = source([COFFEE, MUG], levels, cost(locations=far, split=500))

    lines = [line.split("  ")[0] for line in plan.explain("en").splitlines() if not line.startswith(" ")]

    assert ["Goods leave from 2 locations"] == lines
    for text, words in (("en", "1 × mug of 2 can't be had"), ("id", "1 × mug dari 2 tidak tersedia")):
        assert words in plan.explain(text)
        assert "inventory.source" not in plan.explain(text)
