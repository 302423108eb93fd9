package dev.fanfare.dialects;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the keys of a foreign dialect that a test shows at work: {@code @Shows({"step.retry",
 * "retry.maxAttempts"})}. On a class: what all of its tests show. {@code docs/dialects.md} names
 * the test beside each key, and a key that no test shows fails the build.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Shows {
  /** Ids of rules, as {@link dev.fanfare.dialect.key.KeyRule#id()} has them. */
  String[] value();

  /** The dialect; that of the class where empty. */
  String dialect() default "";
}
