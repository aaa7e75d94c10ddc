from django.urls import path

from sidebyside.web.lessons import (
    checklists,
    comparing,
    exports,
    files,
    lessons,
    live,
    parts,
    paths,
    publication,
    rating,
    reading,
    record_print,
    remarks,
    standards,
    versions,
)

# Sorted by what they are about; each area of lessons adds its own lines.
urlpatterns = [
    # checklists
    path("partnerships/<int:pk>/checklist/", checklists.checklist, name="checklist"),
    path("partnerships/<int:pk>/checklist/shipped/", checklists.take_up, name="checklist_taking_up"),
    # comparison
    path("lessons/<int:pk>/comparison/", comparing.comparison, name="lesson_comparison"),
    path("lessons/<int:pk>/comparison.pdf", record_print.pdf, name="lesson_comparison_pdf"),
    # exports
    path("lessons/<int:pk>/lesson.html", exports.html, name="lesson_html"),
    path("lessons/<int:pk>/lesson.md", exports.markdown, name="lesson_markdown"),
    path("lessons/<int:pk>/lesson.pdf", exports.pdf, name="lesson_pdf"),
    # files
    path("lessons/<int:pk>/files/", files.files, name="lesson_files"),
    path("lessons/files/<int:pk>/", files.file, name="lesson_file"),
    path("lessons/files/<int:pk>/caption/", files.describe, name="lesson_file_caption"),
    path("lessons/files/<int:pk>/removal/", files.remove, name="lesson_file_removal"),
    # lessons
    path("lessons/", lessons.lessons, name="lessons"),
    path("lessons/own/", lessons.own, name="own_lessons"),
    path("lessons/<int:pk>/", reading.lesson, name="lesson"),
    path("lessons/<int:pk>/removal/", lessons.remove, name="lesson_removal"),
    path("lessons/<int:pk>/state/", live.state, name="lesson_state"),
    path("lessons/<int:pk>/title/", lessons.title, name="lesson_title"),
    path("partnerships/<int:pk>/lessons/", lessons.of_partnership, name="partnership_lessons"),
    # parts
    path("lessons/<int:pk>/parts/", parts.add, name="lesson_parts"),
    path("lessons/<int:pk>/parts/<slug:part>/", parts.part, name="lesson_part"),
    path("lessons/<int:pk>/parts/<slug:part>/facts/", parts.facts, name="lesson_part_facts"),
    path("lessons/<int:pk>/parts/<slug:part>/place/", parts.place, name="lesson_part_place"),
    path("lessons/<int:pk>/parts/<slug:part>/removal/", parts.remove, name="lesson_part_removal"),
    path("lessons/<int:pk>/parts/<slug:part>/restoration/", parts.restore, name="lesson_part_restoration"),
    # publication
    path("lessons/<int:pk>/publication/", publication.publication, name="lesson_publication"),
    path("lessons/<int:pk>/publication/consent/", publication.agree, name="lesson_publication_consent"),
    path("lessons/<int:pk>/publication/laying-aside/", publication.lay_aside, name="lesson_publication_laying_aside"),
    # ratings
    path("lessons/<int:pk>/ratings/", rating.overview, name="lesson_ratings"),
    path("lessons/ratings/<int:pk>/", rating.shown, name="rating_shown"),
    path("lessons/ratings/<int:pk>/asking/", rating.ask, name="rating_asking"),
    path("lessons/ratings/<int:pk>/asking/end/", rating.ask_no_more, name="rating_asking_end"),
    path("lessons/ratings/<int:pk>/sharing/", rating.share, name="rating_sharing"),
    path("lessons/ratings/<int:pk>/taking-back/", rating.take_back, name="rating_taking_back"),
    path("lessons/versions/<int:pk>/rating/<slug:slug>/", rating.rating, name="rating"),
    # paths
    path("lessons/<int:pk>/path/", paths.path, name="lesson_path"),
    path("visits/<int:pk>/lesson/", paths.teach, name="visit_lesson"),
    # remarks
    path("lessons/<int:pk>/remarks/", remarks.remarks, name="lesson_remarks"),
    path("lessons/remarks/<int:pk>/", remarks.remark, name="remark"),
    path("lessons/remarks/<int:pk>/acceptance/", remarks.accept, name="remark_acceptance"),
    path("lessons/remarks/<int:pk>/cause/", remarks.mark_cause, name="remark_cause"),
    path("lessons/remarks/<int:pk>/removal/", remarks.remove, name="remark_removal"),
    path("lessons/remarks/<int:pk>/reopening/", remarks.unsettle, name="remark_reopening"),
    path("lessons/remarks/<int:pk>/settlement/", remarks.settle, name="remark_settlement"),
    path("lessons/remarks/<int:pk>/words/", remarks.change, name="remark_words"),
    # standards
    path("lessons/<int:pk>/standards/", standards.standards, name="lesson_standards"),
    path("lessons/<int:pk>/standards/<int:standard>/", standards.choose, name="lesson_standard"),
    path("lessons/<int:pk>/standards/removal/", standards.drop, name="lesson_standards_removal"),
    # versions
    path("lessons/<int:pk>/versions/", versions.versions, name="lesson_versions"),
    path("lessons/versions/<int:pk>/", versions.version, name="lesson_version"),
    path("lessons/versions/<int:pk>/name/", versions.rename, name="lesson_version_name"),
    path("lessons/versions/<int:pk>/restoration/", versions.restore, name="lesson_version_restoration"),
]
