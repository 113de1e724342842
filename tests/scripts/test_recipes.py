"""The recipes are read out of their document whole; scripts/test_recipes runs them."""

from __future__ import annotations

import pytest

from recipes import RECIPES, WRITTEN, Recipe, read_recipes

DOCUMENT = """# Recipes

```sh
not one
```

## First

```sh
pip install first
```

Then:

```python
print(1)
```

```text
1
```

## Second

```sh
a
```
```python
b
```
```text
c
```
"""


def test_a_recipe_is_its_heading_s_three_parts():
    """In the document's order; what stands above the first heading is none."""
    assert read_recipes(DOCUMENT) == [
        Recipe("First", "pip install first\n", "print(1)\n", "1\n"),
        Recipe("Second", "a\n", "b\n", "c\n"),
    ]


def test_a_recipe_without_its_code_is_told():
    """Rather than passed over."""
    with pytest.raises(ValueError, match="the recipe First has no python"):
        read_recipes(DOCUMENT.replace("```python\nprint(1)", "```\nprint(1)"))


def test_every_recipe_of_the_document_is_code_for_a_service():
    """All three are there, and compile."""
    recipes = read_recipes(RECIPES.read_text(encoding="utf-8"))
    assert [recipe.name.split()[0] for recipe in recipes] == ["LangChain", "LlamaIndex", "A"]
    for recipe in recipes:
        compile(recipe.code, recipe.name, "exec")
        assert WRITTEN in recipe.code
        assert "pip install" in recipe.commands
