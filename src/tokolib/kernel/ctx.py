"""Who asks, and for which shop: the context that comes first in every command."""

from typing import Protocol

import attrs

from tokolib.kernel.arguments import faults_within
from tokolib.kernel.errors import Forbidden, InvalidInput
from tokolib.kernel.ids import CustomerId


@attrs.frozen
class System:
    """The host program itself, or one of its jobs."""

    job: str = "host"

    def __str__(self) -> str:
        return f"system:{self.job}"


@attrs.frozen
class Staff:
    """A person who works for the shop, with the roles that the host gave them."""

    id: str
    roles: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"staff:{self.id}"


@attrs.frozen
class Customer:
    """A customer who has signed in at the host."""

    id: CustomerId

    def __str__(self) -> str:
        return f"customer:{self.id}"


@attrs.frozen
class Guest:
    """A visitor without an account, known by the hash of the cart's token."""

    token_hash: str

    def __str__(self) -> str:
        return f"guest:{self.token_hash[:12]}"


Actor = System | Staff | Customer | Guest


@attrs.frozen
class Ctx:
    """The context of a command: whose shop, who asks, and the host's request id for the records.

    Raises:
        InvalidInput: a field of another type, or with text that no storage keeps.
    """

    tenant: str = "default"
    actor: Actor = System()
    request_id: str = ""

    def __attrs_post_init__(self) -> None:
        if faults := tuple(faults_within("", self)):
            raise InvalidInput(faults)


@attrs.frozen
class Decision:
    """What an access policy says, and why."""

    allowed: bool
    reason: str = ""


class AccessPolicy(Protocol):
    """**Port.** Decides whether an actor may do something; asked before anything is changed."""

    def check(self, ctx: Ctx, permission: str) -> Decision:
        """Whether *ctx*'s actor may use *permission* (`orders.place`, `returns.accept`, ...)."""
        ...


class AllowAll:
    """The default access policy: the host has already decided who may call."""

    def check(self, ctx: Ctx, permission: str) -> Decision:
        """Always yes; the actor is recorded in the history."""
        return Decision(allowed=True)


def permit(policy: AccessPolicy, ctx: Ctx, permission: str) -> None:
    """Pass, or refuse.

    Raises:
        Forbidden: the policy says no. Nothing was changed.
    """
    decision = policy.check(ctx, permission)
    if not decision.allowed:
        raise Forbidden(str(ctx.actor), permission, decision.reason or "not allowed")
