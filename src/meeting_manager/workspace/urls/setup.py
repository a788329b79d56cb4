"""The pages on which departments, meeting types and people are set up."""

from django.urls import path

from meeting_manager.web.access import Audience, declare
from meeting_manager.workspace.views import (
    departments,
    disabling,
    meeting_types,
    members,
    people,
    type_rows,
    welcome,
)

_ONE = "departments/<str:department>/"
_TYPES = f"{_ONE}types/"
_TYPE = f"{_TYPES}<str:meeting_type>/"

urlpatterns = [
    path("departments/", departments.list_page, name="workspace_departments"),
    path("new-department/", departments.new_page, name="workspace_department_new"),
    path("departments/tones.svg", departments.tones_picture, name="workspace_tones"),
    path(_ONE, departments.general_page, name="workspace_department"),
    path(f"{_ONE}logo/", departments.logo_page, name="workspace_department_logo"),
    path(f"{_ONE}danger/", departments.danger_page, name="workspace_department_danger"),
    path(f"{_ONE}members/", members.members_page, name="workspace_department_members"),
    path(f"{_ONE}members/add/", members.add_page, name="workspace_department_member_add"),
    path(f"{_ONE}members/order/", members.order_page, name="workspace_department_order"),
    path(f"{_ONE}members/<str:email>/", members.edit_page, name="workspace_department_member"),
    path(f"{_ONE}members/<str:email>/remove/", members.remove_page, name="workspace_department_member_remove"),
    path(_TYPES, meeting_types.list_page, name="workspace_department_types"),
    path(f"{_ONE}new-type/", meeting_types.new_page, name="workspace_type_new"),
    path(_TYPE, meeting_types.edit_page, name="workspace_type"),
    path(f"{_TYPE}reminders/", type_rows.reminders_page, name="workspace_type_reminders"),
    path(f"{_TYPE}questions/", type_rows.questions_page, name="workspace_type_questions"),
    path(f"{_TYPE}preview/", meeting_types.preview_page, name="workspace_type_preview"),
    path(f"{_TYPE}duplicate/", meeting_types.duplicate_page, name="workspace_type_duplicate"),
    path(f"{_TYPE}switch/", meeting_types.switch_page, name="workspace_type_switch"),
    path(f"{_TYPE}delete/", meeting_types.delete_page, name="workspace_type_delete"),
    path("people/", people.list_page, name="workspace_people"),
    path("people/invite/", people.invite_page, name="workspace_people_invite"),
    path("people/<str:email>/", people.person_page, name="workspace_person"),
    path("people/<str:email>/edit/", people.edit_page, name="workspace_person_edit"),
    path("people/<str:email>/invite/", people.again_page, name="workspace_person_invite"),
    path("people/<str:email>/disable/", disabling.disable_page, name="workspace_person_disable"),
    path("people/<str:email>/enable/", disabling.enable_page, name="workspace_person_enable"),
    path("welcome/", welcome.welcome_page, name="workspace_welcome"),
    path("welcome/<slug:step>/", welcome.step_page, name="workspace_welcome_step"),
]

declare(
    Audience.MANAGES_SOME,
    "workspace/departments/",
    "workspace/departments/tones.svg",
    "workspace/people/",
)
declare(
    Audience.MANAGES_DEPARTMENT,
    *(f"workspace/{each.pattern}" for each in urlpatterns if str(each.pattern).startswith(_ONE)),
)
declare(Audience.SEES_ACCOUNT, "workspace/people/<str:email>/")
declare(
    Audience.SYSTEM_MANAGER,
    "workspace/new-department/",
    "workspace/people/invite/",
    "workspace/people/<str:email>/edit/",
    "workspace/people/<str:email>/invite/",
    "workspace/people/<str:email>/disable/",
    "workspace/people/<str:email>/enable/",
    "workspace/welcome/",
    "workspace/welcome/<slug:step>/",
)
