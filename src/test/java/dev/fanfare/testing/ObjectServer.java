package dev.fanfare.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A small S3 over real HTTP, for the real AWS SDK, path style: PutObject (also only where nothing
 * is there yet), GetObject with a range, HeadObject, DeleteObject, DeleteObjects and ListObjectsV2.
 * What it does not know it refuses as not implemented. Objects live in memory.
 *
 * <p>Held to what S3 documents: errors are its XML with its codes; a body that does not match its
 * checksum or its signature's hash is refused; a listing has at most 1,000 keys, in order; a new
 * object is seen by every read after it.
 */
public final class ObjectServer implements AutoCloseable {

  /** Credentials and a region for whoever calls it, as Java properties. */
  private static final Map<String, String> ACCOUNT =
      Map.of(
          "aws.accessKeyId", "test", "aws.secretAccessKey", "test", "aws.region", "eu-central-1");

  private static final int MOST_KEYS = 1000;
  private static final int PIECE = 16 << 10;
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]+)-([0-9]*)");
  private static final DateTimeFormatter LAST_MODIFIED =
      DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT);

  private final HttpServer server;
  private final Map<String, NavigableMap<String, Stored>> buckets = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<String> actions = new ConcurrentSkipListSet<>();
  private volatile Function<Request, Optional<Fault>> faults = request -> Optional.empty();

  /** What goes wrong with a request. */
  public sealed interface Fault {
    /** S3 answers with an error: {@code SlowDown} or {@code InternalError}. */
    record Refused(int status, String code) implements Fault {}

    /** The connection breaks before anything is answered; what was sent may have been stored. */
    record Cut(boolean stored) implements Fault {}

    /** The connection breaks after so many bytes of an object. */
    record CutBody(int after) implements Fault {}

    /** Each 16 KiB of an object take this long. */
    record Slow(long millis) implements Fault {}
  }

  public static final Fault SLOW_DOWN = new Fault.Refused(503, "SlowDown");
  public static final Fault INTERNAL_ERROR = new Fault.Refused(500, "InternalError");
  public static final Fault DENIED = new Fault.Refused(403, "AccessDenied");

  /**
   * A request that has come in.
   *
   * @param action what an IAM policy calls it, such as {@code s3:PutObject}; empty where unknown
   * @param key empty for requests about the bucket
   */
  public record Request(
      String method, String bucket, String key, Map<String, String> query, String action) {}

  private record Stored(byte[] bytes, String etag, Map<String, String> metadata, String modified) {}

  private ObjectServer(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
    ACCOUNT.forEach(System::setProperty);
  }

  /** A server with these buckets. */
  public static ObjectServer start(String... names) {
    try {
      ObjectServer started = new ObjectServer(0);
      for (String name : names) {
        started.buckets.put(name, new ConcurrentSkipListMap<>());
      }
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What a process needs in its environment to call it. */
  public static Map<String, String> environment() {
    return Map.of(
        "AWS_ACCESS_KEY_ID", "test", "AWS_SECRET_ACCESS_KEY", "test", "AWS_REGION", "eu-central-1");
  }

  /** Decides for each request whether and how it goes wrong. */
  public void faults(Function<Request, Optional<Fault>> decision) {
    faults = decision;
  }

  /** The next requests that this is true of go wrong, and no others. */
  public void failNext(int times, Fault fault, java.util.function.Predicate<Request> which) {
    AtomicInteger left = new AtomicInteger(times);
    faults =
        request ->
            which.test(request) && left.getAndDecrement() > 0
                ? Optional.of(fault)
                : Optional.empty();
  }

  public void noFaults() {
    faults = request -> Optional.empty();
  }

  /** The requests so far, in order. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  public void forgetRequests() {
    requests.clear();
  }

  /** What IAM policies call what was asked for so far. */
  public Set<String> actions() {
    return new TreeSet<>(actions);
  }

  public Set<String> keys(String bucket) {
    return new TreeSet<>(objects(bucket).keySet());
  }

  public Optional<byte[]> object(String bucket, String key) {
    return Optional.ofNullable(objects(bucket).get(key)).map(stored -> stored.bytes().clone());
  }

  public void put(String bucket, String key, byte[] bytes) {
    objects(bucket).put(key, stored(bytes.clone(), Map.of()));
  }

  /** As a lifecycle rule does it. */
  public void expire(String bucket, String prefix) {
    objects(bucket).keySet().removeIf(key -> key.startsWith(prefix));
  }

  private NavigableMap<String, Stored> objects(String bucket) {
    NavigableMap<String, Stored> objects = buckets.get(bucket);
    if (objects == null) {
      throw new IllegalArgumentException("no bucket " + bucket);
    }
    return objects;
  }

  /** What S3 answers instead of doing what was asked. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;
    final int status;
    final String code;

    Refusal(int status, String code, String message) {
      super(message);
      this.status = status;
      this.code = code;
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("x-amz-request-id", Long.toHexString(System.nanoTime()));
      Request request = request(exchange);
      requests.add(request);
      if (!request.action().isEmpty()) {
        actions.add(request.action());
      }
      Optional<Fault> fault = faults.apply(request);
      try {
        switch (fault.orElse(null)) {
          case Fault.Refused refused -> {
            exchange.getRequestBody().readAllBytes();
            throw new Refusal(refused.status(), refused.code(), "as the test wants it");
          }
          case Fault.Cut cut -> {
            if (cut.stored()) {
              answer(exchange, request, Optional.empty(), false);
            }
            return;
          }
          case null, default -> answer(exchange, request, fault, true);
        }
      } catch (Refusal refusal) {
        refuse(exchange, request, refusal);
      }
    }
  }

  private static Request request(HttpExchange exchange) {
    String path = exchange.getRequestURI().getRawPath();
    int slash = path.indexOf('/', 1);
    String bucket = decoded(slash < 0 ? path.substring(1) : path.substring(1, slash));
    String key = slash < 0 ? "" : decoded(path.substring(slash + 1));
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    String method = exchange.getRequestMethod();
    return new Request(method, bucket, key, query, action(method, key, query));
  }

  private static String action(String method, String key, Map<String, String> query) {
    if (key.isEmpty()) {
      return switch (method) {
        case "GET" -> query.containsKey("list-type") ? "s3:ListBucket" : "";
        case "HEAD" -> "s3:ListBucket";
        case "PUT" -> "s3:CreateBucket";
        case "POST" -> query.containsKey("delete") ? "s3:DeleteObject" : "";
        default -> "";
      };
    }
    return switch (method) {
      case "GET", "HEAD" -> "s3:GetObject";
      case "PUT" -> "s3:PutObject";
      case "DELETE" -> "s3:DeleteObject";
      default -> "";
    };
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new TreeMap<>();
    if (raw != null) {
      for (String part : raw.split("&", -1)) {
        int equals = part.indexOf('=');
        String name = equals < 0 ? part : part.substring(0, equals);
        String value = equals < 0 ? "" : part.substring(equals + 1);
        query.put(decoded(name), URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    }
    query.remove("x-id"); // which operation an SDK thinks it calls
    return query;
  }

  private void answer(HttpExchange exchange, Request request, Optional<Fault> fault, boolean told)
      throws IOException, Refusal {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization == null || !authorization.startsWith("AWS4-HMAC-SHA256 ")) {
      exchange.getRequestBody().readAllBytes();
      throw new Refusal(403, "AccessDenied", "Access Denied");
    }
    byte[] body = body(exchange);
    if (request.method().equals("PUT") && request.key().isEmpty() && request.query().isEmpty()) {
      buckets.putIfAbsent(request.bucket(), new ConcurrentSkipListMap<>());
      send(exchange, 200, new byte[0], told);
      return;
    }
    NavigableMap<String, Stored> objects = buckets.get(request.bucket());
    if (objects == null) {
      throw new Refusal(404, "NoSuchBucket", "The specified bucket does not exist");
    }
    String call = request.method() + (request.key().isEmpty() ? " bucket" : " object");
    Set<String> asked = new TreeSet<>(request.query().keySet());
    switch (call) {
      case "HEAD bucket" -> send(exchange, 200, new byte[0], told);
      case "GET bucket" -> {
        if (!"2".equals(request.query().get("list-type"))) {
          throw notImplemented(call, asked);
        }
        send(exchange, 200, xml(listing(request, objects)), told);
      }
      case "POST bucket" -> {
        if (!asked.equals(Set.of("delete"))) {
          throw notImplemented(call, asked);
        }
        send(exchange, 200, xml(deleted(body, objects)), told);
      }
      case "PUT object", "GET object", "HEAD object", "DELETE object" -> {
        if (!asked.isEmpty() || exchange.getRequestHeaders().containsKey("x-amz-copy-source")) {
          throw notImplemented(call, asked);
        }
        object(exchange, request, body, objects, fault, told);
      }
      default -> throw notImplemented(call, asked);
    }
  }

  private static Refusal notImplemented(String call, Set<String> asked) {
    return new Refusal(501, "NotImplemented", "this test server does not know " + call + asked);
  }

  private void object(
      HttpExchange exchange,
      Request request,
      byte[] body,
      NavigableMap<String, Stored> objects,
      Optional<Fault> fault,
      boolean told)
      throws IOException, Refusal {
    switch (request.method()) {
      case "PUT" -> {
        Stored stored = put(exchange.getRequestHeaders(), request.key(), body, objects);
        exchange.getResponseHeaders().set("ETag", stored.etag());
        send(exchange, 200, new byte[0], told);
      }
      case "DELETE" -> {
        objects.remove(request.key());
        exchange.sendResponseHeaders(204, -1);
      }
      default -> {
        Stored stored = objects.get(request.key());
        if (stored == null) {
          throw new Refusal(404, "NoSuchKey", "The specified key does not exist.");
        }
        read(exchange, request, stored, fault);
      }
    }
  }

  private static Stored put(
      Headers headers, String key, byte[] body, NavigableMap<String, Stored> objects)
      throws Refusal {
    if (key.getBytes(StandardCharsets.UTF_8).length > 1024) {
      throw new Refusal(400, "KeyTooLongError", "Your key is too long");
    }
    Map<String, String> metadata = new TreeMap<>();
    headers.forEach(
        (name, values) -> {
          if (name.toLowerCase(Locale.ROOT).startsWith("x-amz-meta-")) {
            metadata.put(name.toLowerCase(Locale.ROOT), values.getFirst());
          }
        });
    Stored stored = stored(body, metadata);
    String condition = headers.getFirst("If-None-Match");
    if (condition == null) {
      objects.put(key, stored);
    } else if (!condition.equals("*")) {
      throw new Refusal(501, "NotImplemented", "If-None-Match takes * only");
    } else if (objects.putIfAbsent(key, stored) != null) {
      throw new Refusal(
          412, "PreconditionFailed", "At least one of the pre-conditions did not hold");
    }
    return stored;
  }

  private static Stored stored(byte[] bytes, Map<String, String> metadata) {
    String etag = '"' + HexFormat.of().formatHex(digest("MD5").digest(bytes)) + '"';
    return new Stored(
        bytes, etag, metadata, LAST_MODIFIED.format(ZonedDateTime.now(ZoneOffset.UTC)));
  }

  private static void read(
      HttpExchange exchange, Request request, Stored stored, Optional<Fault> fault)
      throws IOException, Refusal {
    Headers headers = exchange.getResponseHeaders();
    headers.set("ETag", stored.etag());
    headers.set("Last-Modified", stored.modified());
    headers.set("Accept-Ranges", "bytes");
    headers.set("Content-Type", "binary/octet-stream");
    stored.metadata().forEach(headers::set);
    int length = stored.bytes().length;
    int from = 0;
    int to = length;
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range != null) {
      Matcher matcher = RANGE.matcher(range);
      if (!matcher.matches()) {
        throw new Refusal(501, "NotImplemented", "this test server does not know " + range);
      }
      long first = Long.parseLong(matcher.group(1));
      if (first >= length) {
        throw new Refusal(416, "InvalidRange", "The requested range is not satisfiable");
      }
      from = (int) first;
      to =
          matcher.group(2).isEmpty()
              ? length
              : (int) Math.min(length, Long.parseLong(matcher.group(2)) + 1);
      headers.set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + length);
    }
    int status = range == null ? 200 : 206;
    if (request.method().equals("HEAD")) {
      headers.set("Content-Length", String.valueOf(to - from));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, to == from ? -1 : to - from);
    int until =
        fault.orElse(null) instanceof Fault.CutBody cut ? Math.min(to, from + cut.after()) : to;
    OutputStream out = exchange.getResponseBody();
    for (int at = from; at < until; at += PIECE) {
      if (fault.orElse(null) instanceof Fault.Slow slow) {
        pause(slow.millis());
      }
      out.write(stored.bytes(), at, Math.min(PIECE, until - at));
      out.flush();
    }
  }

  private static void pause(long millis) {
    try {
      boolean counted = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
      assert !counted;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String listing(Request request, NavigableMap<String, Stored> objects)
      throws Refusal {
    Map<String, String> query = request.query();
    Set<String> known =
        Set.of(
            "list-type",
            "prefix",
            "max-keys",
            "continuation-token",
            "start-after",
            "encoding-type");
    Set<String> asked = new TreeSet<>(query.keySet());
    asked.removeAll(known);
    if (!asked.isEmpty()) {
      throw notImplemented("GET bucket", asked);
    }
    String prefix = query.getOrDefault("prefix", "");
    int most = Math.min(MOST_KEYS, Integer.parseInt(query.getOrDefault("max-keys", "1000")));
    String token = query.get("continuation-token");
    String after =
        token == null
            ? query.getOrDefault("start-after", "")
            : new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    boolean encoded = "url".equals(query.get("encoding-type"));
    List<String> keys = new ArrayList<>();
    String last = "";
    boolean more = false;
    for (String key : objects.tailMap(prefix, true).keySet()) {
      if (!key.startsWith(prefix)) {
        break;
      }
      if (key.compareTo(after) > 0) {
        if (keys.size() == most) {
          more = true;
          break;
        }
        keys.add(key);
        last = key;
      }
    }
    StringBuilder xml = new StringBuilder("<ListBucketResult>");
    element(xml, "Name", request.bucket());
    element(xml, "Prefix", shown(prefix, encoded));
    element(xml, "KeyCount", String.valueOf(keys.size()));
    element(xml, "MaxKeys", String.valueOf(most));
    if (encoded) {
      element(xml, "EncodingType", "url");
    }
    element(xml, "IsTruncated", String.valueOf(more));
    if (more) {
      element(
          xml,
          "NextContinuationToken",
          Base64.getUrlEncoder().encodeToString(last.getBytes(StandardCharsets.UTF_8)));
    }
    for (String key : keys) {
      Stored stored = objects.get(key);
      if (stored != null) {
        xml.append("<Contents>");
        element(xml, "Key", shown(key, encoded));
        element(xml, "ETag", stored.etag());
        element(xml, "Size", String.valueOf(stored.bytes().length));
        element(xml, "StorageClass", "STANDARD");
        xml.append("</Contents>");
      }
    }
    return xml.append("</ListBucketResult>").toString();
  }

  private static String deleted(byte[] body, NavigableMap<String, Stored> objects) {
    Matcher keys =
        Pattern.compile("<Key>(.*?)</Key>", Pattern.DOTALL)
            .matcher(new String(body, StandardCharsets.UTF_8));
    StringBuilder xml = new StringBuilder("<DeleteResult>");
    while (keys.find()) {
      String key =
          keys.group(1)
              .replace("&lt;", "<")
              .replace("&gt;", ">")
              .replace("&quot;", "\"")
              .replace("&amp;", "&");
      objects.remove(key);
      xml.append("<Deleted>");
      element(xml, "Key", key);
      xml.append("</Deleted>");
    }
    return xml.append("</DeleteResult>").toString();
  }

  private static String shown(String text, boolean encoded) {
    return encoded
        ? URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%2F", "/").replace("+", "%20")
        : text;
  }

  private static void element(StringBuilder xml, String name, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    xml.append('<').append(name).append('>').append(escaped);
    xml.append("</").append(name).append('>');
  }

  private static byte[] xml(String text) {
    return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text).getBytes(StandardCharsets.UTF_8);
  }

  private static void send(HttpExchange exchange, int status, byte[] body, boolean told)
      throws IOException {
    if (!told) {
      return;
    }
    if (body.length > 0) {
      exchange.getResponseHeaders().set("Content-Type", "application/xml");
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static void refuse(HttpExchange exchange, Request request, Refusal refusal)
      throws IOException {
    StringBuilder xml = new StringBuilder("<Error>");
    element(xml, "Code", refusal.code);
    element(xml, "Message", String.valueOf(refusal.getMessage()));
    element(xml, "Key", request.key());
    element(xml, "RequestId", exchange.getResponseHeaders().getFirst("x-amz-request-id"));
    byte[] body = xml(xml.append("</Error>").toString());
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    boolean bodiless = request.method().equals("HEAD");
    exchange.sendResponseHeaders(refusal.status, bodiless ? -1 : body.length);
    if (!bodiless) {
      exchange.getResponseBody().write(body);
    }
  }

  /** The body without the frames of a signed stream, held against every hash that came with it. */
  private static byte[] body(HttpExchange exchange) throws IOException, Refusal {
    Headers headers = exchange.getRequestHeaders();
    byte[] raw = exchange.getRequestBody().readAllBytes();
    String signed = String.valueOf(headers.getFirst("x-amz-content-sha256"));
    Map<String, String> trailers = new LinkedHashMap<>();
    byte[] body = signed.startsWith("STREAMING-") ? unframed(raw, trailers) : raw;
    String decoded = headers.getFirst("x-amz-decoded-content-length");
    if (decoded != null && Long.parseLong(decoded) != body.length) {
      throw new Refusal(400, "IncompleteBody", "The request body is not as long as it said");
    }
    if (signed.matches("[0-9a-f]{64}")
        && !signed.equals(HexFormat.of().formatHex(digest("SHA-256").digest(body)))) {
      throw new Refusal(400, "XAmzContentSHA256Mismatch", "The hash does not match the body");
    }
    String crc = trailers.get("x-amz-checksum-crc32");
    crc = crc == null ? headers.getFirst("x-amz-checksum-crc32") : crc;
    if (crc != null && !crc.equals(crc32(body))) {
      throw new Refusal(400, "BadDigest", "The CRC32 you specified did not match");
    }
    String md5 = headers.getFirst("Content-MD5");
    if (md5 != null
        && !md5.equals(Base64.getEncoder().encodeToString(digest("MD5").digest(body)))) {
      throw new Refusal(400, "BadDigest", "The Content-MD5 you specified did not match");
    }
    return body;
  }

  private static String crc32(byte[] body) {
    CRC32 crc = new CRC32();
    crc.update(body);
    return Base64.getEncoder()
        .encodeToString(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  /** Takes chunks apart: {@code SIZE;chunk-signature=..}, the bytes, and trailers at the end. */
  private static byte[] unframed(byte[] raw, Map<String, String> trailers) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream(raw.length);
    InputStream in = new ByteArrayInputStream(raw);
    while (true) {
      String head = line(in);
      int size = Integer.parseInt(head.split(";", 2)[0], 16);
      if (size == 0) {
        break;
      }
      body.write(in.readNBytes(size));
      line(in);
    }
    for (String trailer = line(in); !trailer.isEmpty(); trailer = line(in)) {
      int colon = trailer.indexOf(':');
      trailers.put(
          trailer.substring(0, colon).toLowerCase(Locale.ROOT),
          trailer.substring(colon + 1).strip());
    }
    return body.toByteArray();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    ACCOUNT.keySet().forEach(System::clearProperty);
    server.stop(0);
  }
}
