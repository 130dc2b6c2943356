package cn.idnode.interop;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Stands between a client and the server, on ports of its own, and keeps what passes: a test may
 * then say what went over the wire, lose some of it, or send it a second time. It asks Endpoint for
 * the ports whenever something new arrives, so a server that was restarted is found.
 */
final class Relay implements AutoCloseable {
  private static final int UDP_OCTETS_MAX = 65_536;
  private static final int MESSAGE_OCTETS_MAX = 1 << 20;

  private final InetAddress host = InetAddress.getByName(Endpoint.HOST);
  private final DatagramSocket udp = new DatagramSocket(0, host);
  private final ServerSocket tcp = new ServerSocket(0, 64, host);
  private final List<Frame> frames = new ArrayList<>();
  private final Map<SocketAddress, DatagramSocket> clients = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Predicate<Frame> lost = frame -> false;

  Relay() throws IOException {
    run(this::fromUdpClients);
    run(this::acceptTcp);
  }

  int udpPort() {
    return udp.getLocalPort();
  }

  int tcpPort() {
    return tcp.getLocalPort();
  }

  /** What fits `which` is kept, but goes no further. */
  void lose(Predicate<Frame> which) {
    lost = which;
  }

  List<Frame> frames() {
    synchronized (frames) {
      return List.copyOf(frames);
    }
  }

  List<Frame> frames(Predicate<Frame> which) {
    return frames().stream().filter(which).toList();
  }

  void forget() {
    synchronized (frames) {
      frames.clear();
    }
  }

  private boolean passes(Frame frame) {
    synchronized (frames) {
      frames.add(frame);
    }
    return !lost.test(frame);
  }

  private interface Work {
    void run() throws IOException;
  }

  private void run(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException ended) {
                // A socket was closed: by its peer, or with the relay.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void fromUdpClients() throws IOException {
    byte[] buffer = new byte[UDP_OCTETS_MAX];
    Map<SocketAddress, Integer> numbers = new ConcurrentHashMap<>();
    while (true) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      udp.receive(packet);
      SocketAddress client = packet.getSocketAddress();
      DatagramSocket toServer = clients.get(client);
      if (toServer == null) {
        toServer = new DatagramSocket(0, host);
        clients.put(client, toServer);
        int number = connections.incrementAndGet();
        numbers.put(client, number);
        DatagramSocket socket = toServer;
        run(() -> toUdpClient(socket, client, number));
      }
      byte[] octets = Arrays.copyOf(buffer, packet.getLength());
      if (passes(new Frame(true, true, numbers.get(client), octets))) {
        SocketAddress server = new InetSocketAddress(host, Endpoint.udpPort());
        toServer.send(new DatagramPacket(octets, octets.length, server));
      }
    }
  }

  private void toUdpClient(DatagramSocket fromServer, SocketAddress client, int number)
      throws IOException {
    byte[] buffer = new byte[UDP_OCTETS_MAX];
    while (true) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      fromServer.receive(packet);
      byte[] octets = Arrays.copyOf(buffer, packet.getLength());
      if (passes(new Frame(false, true, number, octets))) {
        udp.send(new DatagramPacket(octets, octets.length, client));
      }
    }
  }

  private void acceptTcp() throws IOException {
    while (true) {
      Socket client = tcp.accept();
      int number = connections.incrementAndGet();
      Socket server = new Socket(host, Endpoint.tcpPort());
      run(() -> pass(client, server, true, number));
      run(() -> pass(server, client, false, number));
    }
  }

  private void pass(Socket from, Socket to, boolean toServer, int number) throws IOException {
    try (from;
        to) {
      DataInputStream in = new DataInputStream(from.getInputStream());
      OutputStream out = to.getOutputStream();
      while (true) {
        byte[] envelope = new byte[Frame.ENVELOPE_OCTETS];
        in.readFully(envelope);
        int size = ByteBuffer.wrap(envelope).getInt(16);
        if (size < 0 || size > MESSAGE_OCTETS_MAX) throw new IOException("no frame");
        byte[] octets = Arrays.copyOf(envelope, envelope.length + size);
        in.readFully(octets, envelope.length, size);
        if (passes(new Frame(toServer, false, number, octets))) out.write(octets);
      }
    }
  }

  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
    clients.values().forEach(DatagramSocket::close);
  }
}
