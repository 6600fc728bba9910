from django.urls import path

from taishan.safety import hazard_list_views, hazard_report_views, hazard_views
from taishan.safety.hazard_steps import STEPS

app_name = "hazards"
urlpatterns = [
    path("new/", hazard_report_views.new, name="new"),
    path("receipt/", hazard_report_views.receipt, name="receipt"),
    path("major/", hazard_list_views.major, name="major"),
    path("criteria/", hazard_list_views.criteria, name="criteria"),
    path("<int:pk>/", hazard_views.hazard, name="hazard"),
    path("<int:pk>/photos/<int:number>/", hazard_views.photo, name="photo"),
    path("<int:pk>/tellings/<int:number>/file/", hazard_views.proof, name="proof"),
    *(path(f"<int:pk>/{noun}/", hazard_views.step, {"noun": noun}, name=noun) for noun in STEPS),
    *(
        path(f"<int:pk>/{noun}/", hazard_views.supervision, {"noun": noun}, name=noun)
        for noun in hazard_views.SUPERVISING
    ),
]
