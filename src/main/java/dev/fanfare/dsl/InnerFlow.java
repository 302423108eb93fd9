package dev.fanfare.dsl;

/** The steps of a turn of {@code whileTrue}, or of an item of {@code forEach} or {@code batch}. */
public final class InnerFlow extends Steps<InnerFlow> {

  InnerFlow(Book book) {
    super(book);
  }

  @Override
  InnerFlow self() {
    return this;
  }
}
