"""A Django site in one file for the tests: views, sessions, and the admin with its static files."""

import hashlib
import os

import django
from django.conf import settings

folder = os.environ["SITE_FOLDER"]

settings.configure(
    DEBUG=True,
    SECRET_KEY="for tests",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(folder, "site.sqlite3")}},
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    DATA_UPLOAD_MAX_MEMORY_SIZE=None,
    STATIC_URL="/static/",
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
    ],
    MIDDLEWARE=[
        "hopscope_django.TraceMiddleware",
        "django.middleware.http.ConditionalGetMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
)
django.setup()

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

call_command("migrate", verbosity=0)
if not get_user_model().objects.exists():
    get_user_model().objects.create_superuser("admin", "admin@shop.test", "hops")

made = 0


def index(request):
    return HttpResponse("Hello from Django")


def catalogue(request):
    """Cacheable: fresh for three seconds, and validated by its tag."""
    global made
    made += 1
    response = HttpResponse("the catalogue")
    response["Cache-Control"] = "max-age=3"
    response["ETag"] = '"%s"' % hashlib.sha1(response.content).hexdigest()
    return response


def times_made(request):
    return HttpResponse(str(made))


@csrf_exempt
def form(request):
    return JsonResponse(request.POST.dict())


@csrf_exempt
def upload(request):
    file = request.FILES["file"]
    return JsonResponse({"name": file.name, "size": sum(len(chunk) for chunk in file.chunks())})


def stream(request):
    return StreamingHttpResponse(("piece %d\n" % number for number in range(3)), content_type="text/plain")


def cookies(request):
    response = HttpResponse("cookies")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return response


def count(request):
    request.session["count"] = request.session.get("count", 0) + 1
    return HttpResponse(str(request.session["count"]))


def old(request):
    return HttpResponseRedirect("/")


def file(request):
    return FileResponse(open(__file__, "rb"))


def fail(request):
    raise RuntimeError("a mistake in a view")


urlpatterns = [
    path("", index),
    path("catalogue", catalogue),
    path("made", times_made),
    path("form", form),
    path("upload", upload),
    path("stream", stream),
    path("cookies", cookies),
    path("count", count),
    path("old", old),
    path("file", file),
    path("fail", fail),
    path("admin/", admin.site.urls),
]

application = StaticFilesHandler(get_wsgi_application())
