"""Every address of the instance."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView
from ninja import NinjaAPI

from taishan.interop import api as interop
from taishan.organisation import views as organisation
from taishan.reporting import api as reporting
from taishan.resumption import api as resumption
from taishan.safety import hazard_api as hazards
from taishan.safety import red_line_api as red_lines
from taishan.web import file_views, phone_views, report_views, views

api = NinjaAPI(title="Taishan", version="1", docs_url=None)
api.add_router("", resumption.router)
api.add_router("", reporting.router)
api.add_router("", hazards.router)
api.add_router("", interop.router)
api.add_router("", red_lines.router)

NOT_OFFERED = (
    r"^accounts/(?:signup|email|confirm-email|password/reset|login/code|social"
    r"|3rdparty/(?:signup/)?$)"
)
"""Pages of the account library that write letters or take accounts; its code needs their names."""

urlpatterns = [
    path("", views.my_list, name="my_list"),
    path("style/", views.style_guide, name="style_guide"),
    path("manifest.webmanifest", phone_views.manifest, name="manifest"),
    path("sw.js", phone_views.service_worker, name="service_worker"),
    path("offline/", phone_views.offline, name="offline"),
    path("files/", file_views.files, name="files"),
    path("files/<int:pk>/", file_views.file, name="file"),
    path("files/<int:pk>/again/", file_views.again, name="file_again"),
    path("situation/reports/drafts/", report_views.drafts, name="situation_drafts"),
    path("situation/reports/<int:pk>/numbers/", report_views.numbers, name="situation_numbers"),
    path("inspection/", include("taishan.web.inspection_urls")),
    path("reports/", include("taishan.reporting.urls")),
    path("r/", include("taishan.reporting.link_urls")),
    path("schedules/", include("taishan.reporting.schedule_urls")),
    path("", include("taishan.reporting.follow_up_urls")),
    path("", include("taishan.reporting.correction_urls")),
    path("my-data/", include("taishan.reporting.my_data_urls")),
    path("privacy/", include("taishan.privacy.urls")),
    path("", include("taishan.organisation.urls")),
    path("", include("taishan.resumption.urls")),
    path("", include("taishan.situation.urls")),
    path("stop-work/", include("taishan.safety.urls")),
    path("safety/hazards/", include("taishan.safety.hazard_urls")),
    path("safety/risks/", include("taishan.safety.risk_urls")),
    path("safety/red-lines/", include("taishan.safety.red_line_urls")),
    path("safety/campaigns/", include("taishan.safety.campaign_urls")),
    path("safety/incidents/", include("taishan.safety.incident_urls")),
    path("safety/inspections/", include("taishan.safety.inspection_urls")),
    path("safety/", include("taishan.safety.hazard_board_urls")),
    path("forms/", include("taishan.forms.urls")),
    path("regulations/", include("taishan.regulations.urls")),
    path("odk/", include("taishan.interop.urls")),
    path("duties/", include("taishan.duties.urls")),
    path("directives/", include("taishan.communications.directive_urls")),
    path("meetings/", include("taishan.learning.urls")),
    path("cases/", include("taishan.duties.case_urls")),
    path("escalation/", include("taishan.duties.escalation_urls")),
    path("notices/", include("taishan.communications.urls")),
    path("channels/", include("taishan.communications.channel_urls")),
    path("outbox/", include("taishan.communications.outbox_urls")),
    re_path(NOT_OFFERED, organisation.not_offered),
    path("accounts/oidc/<str:provider_id>/login/", organisation.to_provider),
    path("accounts/oidc/<str:provider_id>/login/callback/", organisation.back_from_provider),
    path("accounts/", RedirectView.as_view(pattern_name="account_change_password")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
]
