"""The commands, gathered. Each is loaded only when it is called."""

from cyclopts import App

app = App(name="tokolib", help="The commerce engine that Python developers import.", version_flags=["--version"])

app.command("tokolib.cli.demo:demo")
app.command("tokolib.cli.verify:verify")
app.command("tokolib.cli.replay.command:replay")
app.command("tokolib.cli.schema:schema")
app.command("tokolib.cli.doctor:doctor")

promotions = App(name="promotions", help="Look over a shop's promotions before they run.")
promotions.command("tokolib.cli.promotions:lint")
promotions.command("tokolib.cli.promotions:what_if")
app.command(promotions)
