from django.urls import path

from taishan.reporting import file_views, phone_views

app_name = "reporting"
urlpatterns = [
    path("", phone_views.mine, name="mine"),
    path("files/<uuid:kept_as>/", file_views.file, name="file"),
    path("<slug:form>/<str:day>/", phone_views.report, name="report"),
    path("<slug:form>/<str:day>/<str:unit>/", phone_views.report, name="report"),
]
