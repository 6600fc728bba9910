from django.urls import path

from taishan.duties import case_views

app_name = "cases"
urlpatterns = [
    path("", case_views.cases, name="cases"),
    path("<int:pk>/", case_views.case, name="case"),
    path("<int:pk>/explanation/", case_views.explanation, name="explanation"),
    path("<int:pk>/remarks/", case_views.remarks, name="remarks"),
    path("<int:pk>/finding/", case_views.finding, name="finding"),
    path("<int:pk>/measure/", case_views.measure, name="measure"),
    path("<int:pk>/closure/", case_views.closure, name="closure"),
]
