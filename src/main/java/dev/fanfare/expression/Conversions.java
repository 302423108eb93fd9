package dev.fanfare.expression;

import static dev.fanfare.expression.Kind.ANY;
import static dev.fanfare.expression.Kind.BOOL;
import static dev.fanfare.expression.Kind.BYTES;
import static dev.fanfare.expression.Kind.DOUBLE;
import static dev.fanfare.expression.Kind.DURATION;
import static dev.fanfare.expression.Kind.INT;
import static dev.fanfare.expression.Kind.OPTIONAL;
import static dev.fanfare.expression.Kind.STRING;
import static dev.fanfare.expression.Kind.TIMESTAMP;
import static dev.fanfare.expression.Kind.TYPE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Functions from one kind to another. */
final class Conversions {

  private static final int LONGEST_NUMBER = 400;

  private Conversions() {}

  static void addTo(Functions to) {
    numbers(to);
    texts(to);
    to.add("type", List.of(ANY), TYPE, a -> Kind.of(a.any(0)));
    to.add("dyn", List.of(ANY), ANY, a -> a.any(0));
    to.add("bytes", List.of(STRING), BYTES, Conversions::encode);
    to.add("bytes", List.of(BYTES), BYTES, a -> a.any(0));
    to.add("base64.encode", List.of(BYTES), STRING, a -> toBase64(a.budget(), a.bytes(0)));
    to.add("base64.encode", List.of(STRING), STRING, a -> toBase64(a.budget(), encode(a)));
    to.add("base64.decode", List.of(STRING), BYTES, Conversions::fromBase64);
    to.add("toJson", List.of(ANY), STRING, a -> Plain.json(a.budget(), a.any(0)));
    to.add("fromJson", List.of(STRING), ANY, Conversions::fromJson);
    optionals(to);
  }

  private static void numbers(Functions to) {
    to.add("int", List.of(INT), INT, a -> a.any(0));
    to.add("int", List.of(DOUBLE), INT, a -> whole(a.decimal(0)));
    to.add("int", List.of(STRING), INT, a -> parseWhole(a.text(0)));
    to.add("int", List.of(TIMESTAMP), INT, a -> a.instant(0).getEpochSecond());
    to.add("double", List.of(DOUBLE), DOUBLE, a -> a.any(0));
    to.add("double", List.of(INT), DOUBLE, a -> a.decimal(0));
    to.add("double", List.of(STRING), DOUBLE, a -> parseDecimal(a.text(0)));
    to.add("bool", List.of(BOOL), BOOL, a -> a.any(0));
    to.add("bool", List.of(STRING), BOOL, a -> parseBool(a.text(0)));
  }

  private static void texts(Functions to) {
    to.add("string", List.of(STRING), STRING, a -> a.any(0));
    for (Kind kind : List.of(INT, DOUBLE, BOOL, TIMESTAMP, DURATION)) {
      to.add("string", List.of(kind), STRING, a -> Plain.text(a.budget(), a.any(0)));
    }
    to.add("string", List.of(BYTES), STRING, a -> decode(a.budget(), a.bytes(0)));
  }

  private static void optionals(Functions to) {
    to.add("optional.of", List.of(ANY), OPTIONAL, a -> Members.wrap(a.any(0)));
    to.add("optional.none", List.of(), OPTIONAL, a -> Optional.empty());
    to.add(
        "optional.ofNonZeroValue",
        List.of(ANY),
        OPTIONAL,
        a -> isZero(a.any(0)) ? Optional.empty() : Members.wrap(a.any(0)));
    to.add(".hasValue", List.of(OPTIONAL), BOOL, a -> ((Optional<?>) given(a)).isPresent());
    to.add(".value", List.of(OPTIONAL), ANY, Conversions::value);
  }

  private static Object given(Args a) {
    return java.util.Objects.requireNonNull(a.any(0));
  }

  private static @Nullable Object value(Args a) {
    Optional<?> optional = (Optional<?>) given(a);
    if (optional.isEmpty()) {
      throw Failure.of("the optional is empty; write orValue(...) instead of value()");
    }
    return Members.unwrap(optional);
  }

  private static boolean isZero(@Nullable Object value) {
    return switch (value) {
      case null -> true;
      case Boolean bool -> !bool;
      case Number number -> number.doubleValue() == 0;
      case String text -> text.isEmpty();
      case List<?> list -> list.isEmpty();
      case java.util.Map<?, ?> map -> map.isEmpty();
      case Bytes bytes -> bytes.size() == 0;
      default -> false;
    };
  }

  /** A decimal number without its fraction. */
  static long whole(double value) {
    if (!(value > -0x1p63 && value < 0x1p63)) {
      throw Failure.of("the number is too large for a whole number");
    }
    return (long) value;
  }

  private static Object parseWhole(String text) {
    if (text.length() <= LONGEST_NUMBER) {
      try {
        return Long.parseLong(text.strip());
      } catch (NumberFormatException e) {
        throw Failure.of("the text is not a whole number; int(...) reads digits such as 42");
      }
    }
    throw Failure.of("the text is too long for a number");
  }

  private static Object parseDecimal(String text) {
    String number = text.strip();
    boolean plain =
        number.length() <= LONGEST_NUMBER
            && number.chars().allMatch(c -> c < 128 && "0123456789+-.eE".indexOf(c) >= 0);
    if (plain) {
      try {
        return Double.parseDouble(number);
      } catch (NumberFormatException e) {
        throw Failure.of("the text is not a number; double(...) reads numbers such as 1.5");
      }
    }
    throw Failure.of("the text is not a number; double(...) reads numbers such as 1.5");
  }

  private static Object parseBool(String text) {
    return switch (text) {
      case "true", "True", "TRUE", "t", "1" -> true;
      case "false", "False", "FALSE", "f", "0" -> false;
      default -> throw Failure.of("the text is neither \"true\" nor \"false\"");
    };
  }

  private static Bytes encode(Args a) {
    a.budget().chargeCharacters(a.text(0).length());
    return Bytes.of(a.text(0).getBytes(UTF_8));
  }

  private static String decode(Budget budget, Bytes bytes) {
    budget.text(bytes.size());
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.content())).toString();
    } catch (CharacterCodingException e) {
      throw Failure.of("the bytes are not text in UTF-8");
    }
  }

  private static String toBase64(Budget budget, Bytes bytes) {
    budget.text(bytes.size() * 2L);
    return Base64.getEncoder().encodeToString(bytes.content());
  }

  private static Object fromBase64(Args a) {
    a.budget().chargeCharacters(a.text(0).length());
    try {
      return Bytes.of(Base64.getDecoder().decode(a.text(0)));
    } catch (IllegalArgumentException e) {
      throw Failure.of("the text is not base64");
    }
  }

  private static @Nullable Object fromJson(Args a) {
    a.budget().charge(a.text(0).length());
    try {
      return Json.parse(a.text(0));
    } catch (Json.JsonException e) {
      throw Failure.of("the text is not JSON");
    }
  }
}
