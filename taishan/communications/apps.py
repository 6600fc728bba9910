from django.apps import AppConfig


class CommunicationsConfig(AppConfig):
    name = "taishan.communications"
    verbose_name = "Communications"
