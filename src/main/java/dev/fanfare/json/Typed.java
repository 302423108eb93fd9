package dev.fanfare.json;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as records and beans, and back. Members that a type does not have are left out. */
public final class Typed {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .findAndAddModules()
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private Typed() {}

  /**
   * A JSON value as an object of a type; null where it is null.
   *
   * @throws IllegalArgumentException when it is not one; the message says where
   */
  public static <T> @Nullable T as(@Nullable Object plain, Class<T> type) {
    return MAPPER.convertValue(plain, type);
  }

  /** A JSON list as a list of a type. */
  public static <T> List<T> list(Object plain, Class<T> type) {
    JavaType list = MAPPER.getTypeFactory().constructCollectionType(List.class, type);
    return MAPPER.convertValue(plain, list);
  }

  /** A JSON object as a map to a type. */
  public static <T> Map<String, T> map(Object plain, Class<T> type) {
    JavaType map =
        MAPPER.getTypeFactory().constructMapType(java.util.LinkedHashMap.class, String.class, type);
    return MAPPER.convertValue(plain, map);
  }

  /**
   * Any object as a JSON value.
   *
   * @throws IllegalArgumentException when it cannot be one
   */
  public static @Nullable Object plain(@Nullable Object value) {
    return Json.plain(MAPPER.convertValue(value, Object.class));
  }
}
