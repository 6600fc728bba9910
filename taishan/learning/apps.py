from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "taishan.learning"
    verbose_name = "Learning"
