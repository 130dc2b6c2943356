// Two nodes that prove to each other who they are, with certificates made here.
#include <grpc/support/log.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>

#include "proto/rpc/sync.grpc.pb.h"
#include "storage/children.h"
#include "tests/system_sync/certificates.h"
#include "tests/system_sync/nodes.h"

namespace idnode {
namespace {

using testing_sync::Authority;
using testing_sync::Certified;
using testing_sync::ChildNode;
using testing_sync::Folder;
using testing_sync::Parent;

// What gRPC logs; its log function is a bare pointer, hence one for the process.
testing_sync::Events<std::string>& GrpcLog() {
  static testing_sync::Events<std::string> lines;
  return lines;
}

class MutualTls : public testing::Test {
 protected:
  MutualTls() {
    GrpcLog().Forget();
    gpr_set_log_function([](gpr_log_func_args* args) { GrpcLog().Push(args->message); });
  }
  ~MutualTls() override { gpr_set_log_function(nullptr); }

  // The parent demands a certificate of `authority_`, as the server of a node does.
  std::unique_ptr<Parent> ParentWith(const Certified& own) {
    grpc::SslServerCredentialsOptions ssl(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    ssl.pem_root_certs = authority_.certificate();
    ssl.pem_key_cert_pairs.push_back({own.key, own.certificate});
    auto parent = std::make_unique<Parent>(folder_ / "above", 0, DownstreamOptions(),
                                           grpc::SslServerCredentials(ssl));
    parent->PutToken("child-token", "88.118.5");
    return parent;
  }
  UpstreamOptions Towards(const Parent& parent, const std::string& ca, const Certified& own) {
    UpstreamOptions options = testing_sync::Towards(parent.server());
    options.ca_file = File("ca.pem", ca);
    options.certificate_file = File("child.pem", own.certificate);
    options.key_file = File("child.key", own.key);
    return options;
  }
  // The parent takes no certificate but of its authority and of today; the child sees the handshake
  // end, since TLS 1.3 tells it no more.
  void ExpectParentRefuses(const Certified& below) {
    const auto parent = ParentWith(parent_);
    ChildNode child(folder_ / "below", Towards(*parent, authority_.certificate(), below));
    EXPECT_TRUE(WaitForEnd(child, Errc::kUnavailable, "not accept our certificate"));
    EXPECT_TRUE(WaitForLog("certificate verify failed"));
    ExpectNobodyDocked(*parent);
  }
  void ExpectChildRefuses(const Certified& above, const std::string& detail) {
    const auto parent = ParentWith(above);
    ChildNode child(folder_ / "below", Towards(*parent, authority_.certificate(), child_));
    EXPECT_TRUE(WaitForEnd(child, Errc::kForged, detail));
    EXPECT_TRUE(child.store().ledger().Commit(testing_sync::Registration(1)).done());
    ExpectNobodyDocked(*parent);
  }
  static bool WaitForEnd(ChildNode& child, Errc code, const std::string& detail) {
    return child.events().WaitFor([&](const UpstreamEvent& event) {
      return event.error.code == code && event.error.detail.find(detail) != std::string::npos;
    });
  }
  // A line of gRPC's, of this test.
  static bool WaitForLog(const std::string& words) {
    return GrpcLog().WaitFor(
        [&](const std::string& line) { return line.find(words) != std::string::npos; });
  }
  static void ExpectNobodyDocked(Parent& parent) {
    EXPECT_TRUE(ListChildren(parent.store().engine())->empty());
  }
  std::string File(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  Folder folder_;
  const Authority authority_{"authority"}, stranger_{"stranger"};
  const Certified parent_ = authority_.Issue("127.0.0.1"), child_ = authority_.Issue("factory");
};

TEST_F(MutualTls, DocksWithCertificatesOfTheAuthority) {
  const auto parent = ParentWith(parent_);
  ChildNode child(folder_ / "below", Towards(*parent, authority_.certificate(), child_));
  testing_sync::Register(child.store(), 1, 100);
  EXPECT_TRUE(child.WaitUntilLevel());
}

TEST_F(MutualTls, RefusesANodeBelowOfAnotherAuthority) {
  ExpectParentRefuses(stranger_.Issue("factory"));
}

TEST_F(MutualTls, RefusesANodeBelowWhoseCertificateHasExpired) {
  ExpectParentRefuses(authority_.Issue("factory", -1));
}

// No idnode can be set up so: authority, certificate and key go together.
TEST_F(MutualTls, RefusesANodeBelowWithoutACertificate) {
  const auto parent = ParentWith(parent_);
  const auto stub = v1::Sync::NewStub(grpc::CreateChannel(
      parent->server().address(), grpc::SslCredentials({.pem_root_certs = authority_.certificate(),
                                                        .pem_private_key = {},
                                                        .pem_cert_chain = {}})));
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer child-token");
  const auto stream = stub->Converse(&context);
  v1::FromParent message;
  EXPECT_FALSE(stream->Read(&message));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(WaitForLog("peer did not return a certificate"));
  ExpectNobodyDocked(*parent);
}

TEST_F(MutualTls, RefusesANodeBelowThatSpeaksPlainText) {
  const auto parent = ParentWith(parent_);
  ChildNode child(folder_ / "below", testing_sync::Towards(parent->server()));
  EXPECT_TRUE(WaitForEnd(child, Errc::kUnavailable, "it may expect TLS"));
  EXPECT_TRUE(WaitForLog("wrong version number"));
  ExpectNobodyDocked(*parent);
}

TEST_F(MutualTls, RefusesANodeAboveOfAnotherAuthority) {
  ExpectChildRefuses(stranger_.Issue("127.0.0.1"), "not of our authority");
  EXPECT_TRUE(WaitForLog("certificate verify failed"));
}

TEST_F(MutualTls, RefusesANodeAboveWhoseCertificateHasExpired) {
  ExpectChildRefuses(authority_.Issue("127.0.0.1", -1), "has expired");
  EXPECT_TRUE(WaitForLog("certificate verify failed"));
}

TEST_F(MutualTls, RefusesANodeAboveOfAnotherName) {
  ExpectChildRefuses(authority_.Issue("other.example"), "for another name");
  EXPECT_TRUE(WaitForLog("No match found for server name: 127.0.0.1"));
}

TEST_F(MutualTls, RefusesANodeAboveThatSpeaksPlainText) {
  Parent parent(folder_ / "above");
  ChildNode child(folder_ / "below", Towards(parent, authority_.certificate(), child_));
  EXPECT_TRUE(WaitForEnd(child, Errc::kUnsupported, "plain text"));
  ExpectNobodyDocked(parent);
}

}  // namespace
}  // namespace idnode
