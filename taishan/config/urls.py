"""Every address of the instance."""

from django.urls import include, path
from ninja import NinjaAPI

from taishan.resumption import api as resumption
from taishan.web import views

api = NinjaAPI(title="Taishan", version="1", docs_url=None)
api.add_router("", resumption.router)

urlpatterns = [
    path("", views.my_list, name="my_list"),
    path("style/", views.style_guide, name="style_guide"),
    path("", include("taishan.organisation.urls")),
    path("", include("taishan.resumption.urls")),
    path("regulations/", include("taishan.regulations.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
]
