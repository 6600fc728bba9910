"""What was found, inspected, reported, said and told is added and read, never changed; of some rows it
may be said how they stand now and until when they hold; no hazard goes."""

from django.db import migrations

from taishan.kit import rights


class Migration(migrations.Migration):
    dependencies = [("safety", "0006_incidents")]
    operations = [
        rights.only_added(
            "safety_liftingrequest", "safety_liftinganswer", "safety_stopphoto",
            "safety_liftingfile",
        ),
        rights.only_updated("safety_stopwork", "lifted_at"),
        rights.only_added(
            "safety_hazardact", "safety_hazardphoto", "safety_criteriaversion",
            "safety_criterion", "safety_hazardtelling", "safety_hazardtellingfile",
            "safety_hazardremark", "safety_stopofhazard",
        ),
        rights.never_deleted("safety_hazard"),
        rights.only_added(
            "safety_inspection", "safety_inspectionitem", "safety_inspectionphoto",
            "safety_pointvisit", "safety_routepoint",
        ),
        rights.never_deleted("safety_inspectionplan", "safety_route", "safety_inspectionsum"),
        rights.only_updated("safety_redline", "valid"),
        rights.only_added("safety_riskgrading", "safety_riskcheck", "safety_riskcheckphoto"),
        rights.only_updated("safety_riskmethod", "valid"),
        rights.only_updated("safety_riskmeasure", "valid"),
        rights.only_updated("safety_riskpoint", "level, reassess_on, closed_at"),
        rights.only_added(
            "safety_revision", "safety_incidentphoto", "safety_telling", "safety_tellingproof",
            "safety_tellingfile", "safety_injury", "safety_investigator", "safety_moment",
            "safety_why", "safety_barrier", "safety_incidentmeasure", "safety_conditionanswer",
            "safety_lesson", "safety_closing",
        ),
        rights.only_updated(
            "safety_incident",
            "deaths, serious, light, missing, loss_yuan, hospitalised, amputations, eyes_lost, grade, stage",
        ),
        rights.only_added(
            "safety_campaign", "safety_campaignscope", "safety_campaignphase",
            "safety_campaignmilestone", "safety_milestonereached", "safety_campaigntarget",
            "safety_campaignact", "safety_campaignactfile", "safety_campaignreturn",
            "safety_campaignclosing",
        ),
        rights.only_updated(
            "safety_campaignentry", "stand, done_at, moved_at, post_id, due_on, due_at"
        ),
    ]
