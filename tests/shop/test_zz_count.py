import sys, collections
sys.path.insert(0,'/work/main/tests/shop')
import importlib.util
spec=importlib.util.spec_from_file_location("life","/work/main/tests/shop/test_life.py"); life=importlib.util.module_from_spec(spec); spec.loader.exec_module(life)
from hypothesis import settings, HealthCheck
from hypothesis.stateful import run_state_machine_as_test
from tokolib.kernel.hosting import drive
C=collections.Counter(); R=collections.Counter()
def test_it(raise_stage, furnished):
    class L(life.Life):
        def do(self, command):
            try: 
                x=drive(command); return x
            except life.TokolibError as e:
                if isinstance(e, life.StorageError): raise
                R[e.code]+=1; return None
        def teardown(self):
            for id in self.orders:
                for r in drive(self.toko.orders.timeline(id)):
                    C[type(r.event).__name__]+=1
                o=drive(self.toko.orders.get(id)); C['state '+o.state]+=1; C['pay '+o.payment]+=1
            super().teardown()
    L.kind="memory"; L.raise_stage=staticmethod(raise_stage); L.furnished=furnished
    run_state_machine_as_test(L, settings=settings(max_examples=60, stateful_step_count=40, suppress_health_check=list(HealthCheck), deadline=None, database=None))
    print(C); print(R)
