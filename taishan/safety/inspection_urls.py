from django.urls import path

from taishan.safety import inspection_fill_views as filling
from taishan.safety import inspection_plan_views as planning
from taishan.safety import inspection_route_views as routes
from taishan.safety import inspection_views as views

app_name = "inspections"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("overview.xlsx", views.overview_file, name="overview_file"),
    path("all/", views.found, name="found"),
    path("all.xlsx", views.found_file, name="found_file"),
    path("checklists/", views.checklists, name="checklists"),
    path("checklists/<slug:form>/", views.checklist, name="checklist"),
    path("today/", filling.today, name="today"),
    path("do/<str:unit>/<slug:form>/", filling.fill, name="fill"),
    path("plans/", planning.plans, name="plans"),
    path("plans/new/<str:unit>/", planning.new, name="new_plan"),
    path("plans/<int:pk>/end/", planning.end, name="end_plan"),
    path("routes/", routes.routes, name="routes"),
    path("routes/new/<str:unit>/", routes.new, name="new_route"),
    path("routes/<int:pk>/", routes.route, name="route"),
    path("routes/<int:pk>/end/", routes.end, name="end_route"),
    path("points/<str:code>/", routes.point, name="point"),
    path("<int:pk>/", views.inspection, name="inspection"),
    path("<int:pk>/photos/<int:photo>/", views.photo, name="photo"),
    path("<int:pk>/items/<str:code>/hazard/", views.hazard, name="hazard"),
]
