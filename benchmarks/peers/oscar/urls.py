"""No pages: the services are called in process."""

urlpatterns: list[object] = []
