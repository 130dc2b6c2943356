package cn.idnode.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.Encoder;
import net.handle.hdllib.HandleException;
import net.handle.hdllib.MessageEnvelope;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Both encoders at the same messages: what the stock classes decode and encode again has the octets
 * that ours has, and each reads what the other wrote. Ours is the program handle_octets.
 */
class EncoderTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final int ENVELOPE_OCTETS = Frame.ENVELOPE_OCTETS;

  /** A message, envelope in front, and what it is. */
  record Example(String name, byte[] octets) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Of every type one, made by our encoder. */
  static Stream<Example> made() throws Exception {
    return examples("make");
  }

  /** The valid inputs of the fuzz targets, among them the worked messages of the description. */
  static Stream<Example> corpus() throws Exception {
    return examples("corpus", System.getenv("INTEROP_CORPUS"));
  }

  @ParameterizedTest(name = "35: {0}")
  @MethodSource("made")
  @DisplayName("35: a message that we encode has the octets of the stock encoder")
  void encodedByUs(Example example) throws Exception {
    assertSame(example, true);
  }

  @ParameterizedTest(name = "35: {0}")
  @MethodSource("corpus")
  @DisplayName("35: a message of the fuzz corpus is decoded alike, and encoded alike")
  void ofTheCorpus(Example example) throws Exception {
    assertSame(example, false);
  }

  private static void assertSame(Example example, boolean isOurs) throws Exception {
    Decoded theirs = Decoded.of(example.octets);
    byte[] ours = again(example.octets);
    if (isOurs) assertEquals(HEX.formatHex(example.octets), HEX.formatHex(ours));
    assertEquals(theirs, Decoded.of(ours));
    assertEquals(theirs.bare(), bare(ours), "the octets of both encoders");
    byte[] byThem = theirs.whole(example.octets);
    assertEquals(bare(ours), bare(again(byThem)), "ours reads what the stock encoder wrote");
  }

  /** What the stock classes make of a message: header and body as they encode them again. */
  record Decoded(String type, String octets, String credential) {
    static Decoded of(byte[] message) throws HandleException {
      MessageEnvelope envelope = new MessageEnvelope();
      Encoder.decodeEnvelope(message, envelope);
      AbstractMessage decoded = Encoder.decodeMessage(message, ENVELOPE_OCTETS, envelope);
      decoded.messageBody = null;
      return new Decoded(
          decoded.getClass().getSimpleName(),
          HEX.formatHex(Encoder.encodeMessage(decoded)),
          decoded.signature == null ? "" : HEX.formatHex(decoded.signature));
    }

    String bare() {
      return octets;
    }

    /** With the envelope of `message`, and the credential. */
    byte[] whole(byte[] message) {
      String length = HEX.toHexDigits(credential.length() / 2);
      byte[] content = HEX.parseHex(octets + length + credential);
      byte[] whole = new byte[ENVELOPE_OCTETS + content.length];
      System.arraycopy(message, 0, whole, 0, ENVELOPE_OCTETS);
      Encoder.writeInt(whole, ENVELOPE_OCTETS - 4, content.length);
      System.arraycopy(content, 0, whole, ENVELOPE_OCTETS, content.length);
      return whole;
    }
  }

  /** Header and body. */
  private static String bare(byte[] message) {
    int headerOctets = 24;
    int body = Encoder.readInt(message, ENVELOPE_OCTETS + headerOctets - 4);
    return HEX.formatHex(message, ENVELOPE_OCTETS, ENVELOPE_OCTETS + headerOctets + body);
  }

  private static byte[] again(byte[] message) throws Exception {
    List<String> lines = program(HEX.formatHex(message), "again");
    assertEquals(1, lines.size());
    assertTrue(lines.get(0).matches("[0-9a-f]+"), lines.get(0));
    return HEX.parseHex(lines.get(0));
  }

  private static Stream<Example> examples(String... arguments) throws Exception {
    List<Example> examples = new ArrayList<>();
    for (String line : program("", arguments)) {
      String[] parts = line.split(" ");
      if (parts[0].contains("login")) continue; // Teleinfo's; the stock classes know it not.
      // A digest without an algorithm, of servers before 2.5: both read it, and neither writes it
      // as it was.
      if (parts[0].contains("old_digest")) continue;
      examples.add(new Example(parts[0], HEX.parseHex(parts[1])));
    }
    assertTrue(examples.size() > 10);
    return examples.stream();
  }

  private static List<String> program(String input, String... arguments) throws Exception {
    String path = System.getenv("INTEROP_OCTETS");
    Assumptions.assumeTrue(
        path != null && !path.isEmpty(),
        "needs the program handle_octets: build the project, or set INTEROP_OCTETS to it");
    List<String> command = new ArrayList<>(List.of(path));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (Writer out = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8)) {
      out.write(input + (input.isEmpty() ? "" : "\n"));
    } catch (IOException e) {
      // It reads nothing, and has ended.
    }
    List<String> lines = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) lines.add(line);
    }
    assertEquals(0, process.waitFor());
    return lines;
  }
}
