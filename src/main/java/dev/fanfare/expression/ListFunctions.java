package dev.fanfare.expression;

import static dev.fanfare.expression.Kind.INT;
import static dev.fanfare.expression.Kind.LIST;
import static dev.fanfare.expression.Kind.MAP;
import static dev.fanfare.expression.Kind.OPTIONAL;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Functions on lists and maps: the standard ones and the lists extension. */
final class ListFunctions {

  private ListFunctions() {}

  static void addTo(Functions to) {
    to.add("size", List.of(LIST), INT, a -> (long) a.list(0).size());
    to.add(".size", List.of(LIST), INT, a -> (long) a.list(0).size());
    to.add("size", List.of(MAP), INT, a -> (long) a.map(0).size());
    to.add(".size", List.of(MAP), INT, a -> (long) a.map(0).size());
    to.add(".slice", List.of(LIST, INT, INT), LIST, ListFunctions::slice);
    to.add(".flatten", List.of(LIST), LIST, a -> flatten(a, 1));
    to.add(".flatten", List.of(LIST, INT), LIST, a -> flatten(a, a.whole(1)));
    to.add("lists.range", List.of(INT), LIST, ListFunctions::range);
    to.add(".distinct", List.of(LIST), LIST, ListFunctions::distinct);
    to.add(".reverse", List.of(LIST), LIST, ListFunctions::reverse);
    to.add(".sort", List.of(LIST), LIST, ListFunctions::sort);
    to.add("lists.@sortByAssociatedKeys", List.of(LIST), LIST, ListFunctions::sortByKey);
    to.add(".first", List.of(LIST), OPTIONAL, a -> end(a.list(0), 0));
    to.add(".last", List.of(LIST), OPTIONAL, a -> end(a.list(0), a.list(0).size() - 1));
  }

  private static Optional<?> end(List<?> list, int index) {
    return list.isEmpty() ? Optional.empty() : Members.wrap(Kind.normal(list.get(index)));
  }

  private static Object slice(Args a) {
    List<?> list = a.list(0);
    long from = a.whole(1);
    long to = a.whole(2);
    if (from < 0 || from > to || to > list.size()) {
      throw Failure.of("the list has " + list.size() + " elements and no such slice");
    }
    a.budget().list(to - from);
    return new ArrayList<@Nullable Object>(list.subList((int) from, (int) to));
  }

  private static Object flatten(Args a, long depth) {
    if (depth < 0) {
      throw Failure.of("the depth of flatten is 0 or more");
    }
    List<@Nullable Object> flat = new ArrayList<>();
    flatten(a.budget(), a.list(0), depth, flat);
    return flat;
  }

  private static void flatten(
      Budget budget, List<?> list, long depth, List<@Nullable Object> into) {
    for (Object element : list) {
      budget.charge(1);
      if (depth > 0 && element instanceof List<?> inner) {
        flatten(budget, inner, depth - 1, into);
      } else {
        into.add(element);
        if (into.size() > Budget.ELEMENTS) {
          budget.list(into.size());
        }
      }
    }
  }

  private static Object range(Args a) {
    long end = Math.max(0, a.whole(0));
    a.budget().list(end);
    List<Object> numbers = new ArrayList<>((int) end);
    for (long i = 0; i < end; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  private static Object distinct(Args a) {
    a.budget().list(a.list(0).size());
    Set<Object> scalars = new HashSet<>();
    List<@Nullable Object> structures = new ArrayList<>();
    List<@Nullable Object> kept = new ArrayList<>();
    for (Object element : a.list(0)) {
      Object value = Kind.normal(element);
      boolean isNew;
      if (value instanceof String || value instanceof Boolean || value instanceof Number) {
        isNew = scalars.add(value instanceof String text ? charged(a, text) : scalar(value));
      } else {
        isNew = !Equality.contains(a.budget(), structures, value) && structures.add(value);
      }
      if (isNew) {
        kept.add(value);
      }
    }
    return kept;
  }

  private static String charged(Args a, String text) {
    a.budget().chargeCharacters(text.length());
    return text;
  }

  /** Equal numbers as equal objects: a whole decimal number as a whole number. */
  private static Object scalar(Object value) {
    return value instanceof Double decimal
            && decimal == Math.rint(decimal)
            && Math.abs(decimal) < 0x1p63
        ? (Object) decimal.longValue()
        : value;
  }

  private static Object reverse(Args a) {
    a.budget().list(a.list(0).size());
    List<@Nullable Object> reversed = new ArrayList<>(a.list(0));
    Collections.reverse(reversed);
    return reversed;
  }

  private static Object sort(Args a) {
    a.budget().list(a.list(0).size());
    List<@Nullable Object> sorted = new ArrayList<>(a.list(0));
    sorted.sort((x, y) -> Equality.compare(a.budget(), Kind.normal(x), Kind.normal(y)));
    return sorted;
  }

  /** What {@code sortBy} becomes: a list of pairs of key and value. */
  private static Object sortByKey(Args a) {
    a.budget().list(a.list(0).size());
    List<Object> pairs = new ArrayList<>(a.list(0));
    Comparator<Object> byKey =
        (x, y) -> Equality.compare(a.budget(), ((List<?>) x).get(0), ((List<?>) y).get(0));
    pairs.sort(byKey);
    List<@Nullable Object> sorted = new ArrayList<>(pairs.size());
    for (Object pair : pairs) {
      sorted.add(((List<?>) pair).get(1));
    }
    return sorted;
  }
}
