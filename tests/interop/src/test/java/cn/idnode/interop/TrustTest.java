package cn.idnode.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.handle.hdllib.AddValueRequest;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.Util;
import net.handle.hdllib.trust.HandleSigner;
import net.handle.hdllib.trust.HandleVerifier;
import net.handle.hdllib.trust.JsonWebSignature;
import net.handle.hdllib.trust.JsonWebSignatureFactory;
import net.handle.hdllib.trust.ValuesSignatureVerificationReport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Signatures over values hold only when a server gives values back as they are. */
class TrustTest {
  @Test
  @DisplayName("31: a signature over values as they were fetched verifies after it is stored")
  void signature() throws Exception {
    String handle =
        Client.record(
            "signed",
            Values.url(1, "http://a.cn/1"),
            Values.text(2, "DESC", "已签名"),
            Values.admin(100, Endpoint.administrator(), 301, Values.ALL_RIGHTS));
    List<HandleValue> values = List.of(Client.direct().resolve(handle));
    byte[] keyOctets = Util.decrypt(Files.readAllBytes(Endpoint.file("admpriv.bin")), null);
    PrivateKey key = Util.getPrivateKeyFromBytes(keyOctets, 0);
    long now = System.currentTimeMillis() / 1000;
    JsonWebSignature signature =
        HandleSigner.getInstance()
            .signHandleValues(
                handle,
                values,
                Values.reference(Endpoint.administrator(), 300),
                key,
                null,
                now - 60,
                now + 3600);
    HandleValue stored = Values.text(400, "HS_SIGNATURE", signature.serialize());
    Client.direct()
        .done(new AddValueRequest(Util.encodeString(handle), stored, Endpoint.secretKey()));

    HandleValue[] read = Client.direct().over(Client.TCP).resolve(handle);
    ValuesSignatureVerificationReport report = verify(handle, read);

    assertTrue(report.canTrust(), report.exceptions::toString);
    assertTrue(report.correctHandle);
    assertEquals(List.of(1, 2, 100), report.verifiedValues.stream().sorted().toList());
    assertEquals(0, report.badDigestValues.size());

    HandleValue changed = Values.at(read, 1);
    changed.setTTL(changed.getTTL() + 1);
    assertEquals(List.of(1), verify(handle, read).badDigestValues);
  }

  /** Verifies the stored signature with the public key that the server has of the administrator. */
  private static ValuesSignatureVerificationReport verify(String handle, HandleValue[] values)
      throws Exception {
    HandleValue keyValue = Values.at(Client.direct().resolve(Endpoint.administrator()), 300);
    PublicKey key = Util.getPublicKeyFromBytes(keyValue.getData(), 0);
    String text = Values.at(values, 400).getDataAsString();
    assertFalse(text.isEmpty());
    List<HandleValue> others = new ArrayList<>(Arrays.asList(values));
    others.removeIf(value -> value.getIndex() == 400);
    JsonWebSignature signature = JsonWebSignatureFactory.getInstance().deserialize(text);
    return HandleVerifier.getInstance().verifyValues(handle, others, signature, key);
  }
}
