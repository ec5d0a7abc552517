"""What users and adapter authors test with."""

from typing import TYPE_CHECKING

from tokolib.kernel.lazy import exports

if TYPE_CHECKING:
    from tokolib.testing.broker_kit import BrokerKit
    from tokolib.testing.builders import Given
    from tokolib.testing.clock import ManualClock
    from tokolib.testing.courier_kit import CourierKit
    from tokolib.testing.errors import NoPostgres, NotOurServer, PostgresFailed
    from tokolib.testing.exchange_rates_kit import ExchangeRatesKit
    from tokolib.testing.fake_broker import AsyncFakeBroker, BrokerSwitches, FakeBroker
    from tokolib.testing.fake_courier import AsyncFakeCourier, FakeCourier
    from tokolib.testing.fake_courier_book import CourierSwitches
    from tokolib.testing.fake_gateway import AsyncFakeGateway, FakeGateway, FakeWorld, Switches
    from tokolib.testing.fake_sealer import AsyncFakeSealer, FakeSealer
    from tokolib.testing.fake_tax import AsyncFakeTaxProvider, FakeTaxProvider, TaxSwitches
    from tokolib.testing.ids import SeededIds
    from tokolib.testing.postgres import PostgresServer, postgres_server
    from tokolib.testing.sealer_kit import SealerKit
    from tokolib.testing.simulator.errors import PromiseBroken
    from tokolib.testing.simulator.simulate import Simulated, asimulate, simulate
    from tokolib.testing.simulator.world import Style
    from tokolib.testing.storage_kit import StorageKit
    from tokolib.testing.tax_kit import TaxProviderKit

__all__ = [
    "AsyncFakeBroker",
    "AsyncFakeCourier",
    "AsyncFakeGateway",
    "AsyncFakeSealer",
    "AsyncFakeTaxProvider",
    "BrokerKit",
    "BrokerSwitches",
    "CourierKit",
    "CourierSwitches",
    "ExchangeRatesKit",
    "FakeBroker",
    "FakeCourier",
    "FakeGateway",
    "FakeSealer",
    "FakeTaxProvider",
    "FakeWorld",
    "Given",
    "ManualClock",
    "NoPostgres",
    "NotOurServer",
    "PostgresFailed",
    "PostgresServer",
    "PromiseBroken",
    "SealerKit",
    "SeededIds",
    "Simulated",
    "StorageKit",
    "Style",
    "Switches",
    "TaxProviderKit",
    "TaxSwitches",
    "asimulate",
    "postgres_server",
    "simulate",
]

__getattr__ = exports(
    __name__,
    {
        "AsyncFakeBroker": "fake_broker",
        "AsyncFakeCourier": "fake_courier",
        "AsyncFakeSealer": "fake_sealer",
        "AsyncFakeGateway": "fake_gateway",
        "AsyncFakeTaxProvider": "fake_tax",
        "BrokerKit": "broker_kit",
        "BrokerSwitches": "fake_broker",
        "CourierKit": "courier_kit",
        "CourierSwitches": "fake_courier_book",
        "ExchangeRatesKit": "exchange_rates_kit",
        "FakeBroker": "fake_broker",
        "FakeCourier": "fake_courier",
        "FakeSealer": "fake_sealer",
        "FakeGateway": "fake_gateway",
        "FakeTaxProvider": "fake_tax",
        "FakeWorld": "fake_gateway",
        "Given": "builders",
        "ManualClock": "clock",
        "NoPostgres": "errors",
        "NotOurServer": "errors",
        "PostgresFailed": "errors",
        "PostgresServer": "postgres",
        "PromiseBroken": "simulator.errors",
        "SealerKit": "sealer_kit",
        "SeededIds": "ids",
        "Simulated": "simulator.simulate",
        "StorageKit": "storage_kit",
        "Style": "simulator.world",
        "Switches": "fake_gateway",
        "TaxProviderKit": "tax_kit",
        "TaxSwitches": "fake_tax",
        "asimulate": "simulator.simulate",
        "postgres_server": "postgres",
        "simulate": "simulator.simulate",
    },
)
