package cn.idnode.interop;

import java.nio.ByteBuffer;
import java.util.Arrays;
import net.handle.hdllib.AbstractMessage;

/**
 * One datagram, or one message of a connection, as it went over the wire. `connection` counts the
 * connections (or, over UDP, the sockets of clients) that a relay has seen.
 */
record Frame(boolean toServer, boolean udp, int connection, byte[] octets) {
  static final int ENVELOPE_OCTETS = 20;
  static final int HEADER_OCTETS = 24;

  private int word(int offset) {
    return ByteBuffer.wrap(octets).getInt(offset);
  }

  boolean truncated() {
    return (octets[2] & 0x20) != 0;
  }

  boolean encrypted() {
    return (octets[2] & 0x40) != 0;
  }

  int sessionId() {
    return word(4);
  }

  int requestId() {
    return word(8);
  }

  int sequence() {
    return word(12);
  }

  int messageOctets() {
    return word(16);
  }

  /** The header can be read: it is not encrypted, and this is no later part of a message. */
  boolean legible() {
    return !encrypted() && sequence() == 0 && octets.length >= ENVELOPE_OCTETS + HEADER_OCTETS;
  }

  int operation() {
    return word(20);
  }

  int code() {
    return word(24);
  }

  int flags() {
    return word(28);
  }

  int expiration() {
    return word(36);
  }

  byte[] body() {
    return Arrays.copyOfRange(octets, 44, 44 + word(40));
  }

  byte[] credential() {
    int at = 44 + word(40);
    return Arrays.copyOfRange(octets, at + 4, at + 4 + word(at));
  }

  boolean isRequest(int operation) {
    return toServer && legible() && operation() == operation;
  }

  boolean isAnswer(int code) {
    return !toServer && legible() && code() == code;
  }

  boolean isChallenge() {
    return isAnswer(AbstractMessage.RC_AUTHENTICATION_NEEDED);
  }
}
