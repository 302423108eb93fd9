package dev.fanfare.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes JSON as plain Java values. */
public final class Json {

  /**
   * Deeper than anything that is made here: outputs nest as deep as groups do, in each of them
   * values as deep as a file and an expression may.
   */
  private static final int MAX_DEPTH = 1_000;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /**
   * The value of a JSON text.
   *
   * @throws JsonException when the text is not exactly one JSON value; the message says where
   */
  public static @Nullable Object parse(String text) throws JsonException {
    try {
      return plain(MAPPER.readValue(text, Object.class));
    } catch (JsonProcessingException e) {
      throw new JsonException(e);
    }
  }

  /** The value of a JSON text that this program wrote itself. */
  public static @Nullable Object parseOwn(String text) {
    try {
      return parse(text);
    } catch (JsonException e) {
      throw new IllegalStateException("a stored JSON value cannot be read: " + e.getMessage(), e);
    }
  }

  /** The mapping of a JSON text that this program wrote itself. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> parseOwnObject(String text) {
    if (parseOwn(text) instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new IllegalStateException("a stored JSON value is not an object");
  }

  /** A value as compact JSON. */
  public static String write(@Nullable Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a JSON value: " + e.getOriginalMessage(), e);
    }
  }

  /** A value as indented JSON, for people. */
  public static String writePretty(@Nullable Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a JSON value: " + e.getOriginalMessage(), e);
    }
  }

  /** A value with every number as {@code Long} or {@code Double} and every map in its order. */
  public static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Integer i -> i.longValue();
      case Short s -> s.longValue();
      case Byte b -> b.longValue();
      case Float f -> f.doubleValue();
      case BigInteger big -> big.bitLength() < 64 ? (Object) big.longValue() : big.doubleValue();
      case BigDecimal big -> big.doubleValue();
      case Map<?, ?> map -> {
        Map<String, Object> plain = new LinkedHashMap<>();
        map.forEach((key, entry) -> plain.put(String.valueOf(key), plain(entry)));
        yield plain;
      }
      case List<?> list -> {
        List<Object> plain = new ArrayList<>(list.size());
        for (Object element : list) {
          plain.add(plain(element));
        }
        yield plain;
      }
      default -> value;
    };
  }

  /** A text that is not JSON. */
  public static final class JsonException extends Exception {
    private static final long serialVersionUID = 1;

    JsonException(JsonProcessingException cause) {
      super(cause.getOriginalMessage() + place(cause), cause);
    }

    /** Where it happened; a breach of a limit has no place. */
    private static String place(JsonProcessingException cause) {
      JsonLocation location = cause.getLocation();
      return location == null
          ? ""
          : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
  }
}
