from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "taishan.web"
    verbose_name = "Web"
