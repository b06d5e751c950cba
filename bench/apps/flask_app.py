"""Flask: a JSON answer, and a page of twenty rows through Jinja with a base template."""

from flask import Flask, jsonify, render_template, request
from jinja2 import DictLoader

app = Flask(__name__)
app.jinja_loader = DictLoader(
    {
        "base.html": """<!doctype html>
<title>{% block title %}{% endblock %}</title>
<nav>{% for name in ["home", "items", "about"] %}<a href="/{{ name }}">{{ name|title }}</a>{% endfor %}</nav>
<main>{% block main %}{% endblock %}</main>
""",
        "items.html": """{% extends "base.html" %}
{% macro row(item) %}<tr><td>{{ item.number }}<td>{{ item.name }}<td>{{ "%.2f"|format(item.price) }}</tr>{% endmacro %}
{% block title %}Items of {{ owner }}{% endblock %}
{% block main %}<table>{% for item in items %}{{ row(item) }}{% else %}<tr><td>none</tr>{% endfor %}</table>{% endblock %}
""",
    }
)
ITEMS = [{"number": n, "name": f"item <{n}>", "price": n * 1.25} for n in range(20)]


@app.get("/")
def index():
    return "Hello from Flask"


@app.get("/json/<int:number>")
def as_json(number):
    return jsonify(number=number, double=number * 2, args=request.args, items=["one", "two", "three"])


@app.get("/page/<owner>")
def page(owner):
    return render_template("items.html", owner=owner, items=ITEMS)
