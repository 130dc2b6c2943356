#include "sync/downstream/message.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include "proto/base/limits.h"
#include "proto/rpc/sync.grpc.pb.h"

namespace idnode {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr Error kNoMessage{Errc::kMalformed, "downstream: octets that are no message"};

// Unknown fields take memory too, so that every field counts. Groups are of no message here.
class FieldCount {
 public:
  explicit FieldCount(CodedInputStream& in) : in_(in) {}

  // The fields of a message, and those of the messages in it.
  Status In(const Descriptor& message) {
    while (const uint32_t tag = in_.ReadTag()) {
      const Descriptor* inner = MessageOf(message, tag);
      if (auto counted = inner != nullptr ? Inner(*inner) : One(tag); !counted) return counted;
    }
    return {};
  }
  Status All() {
    if (auto counted = In(*v1::FromChild::descriptor()); !counted) return counted;
    return in_.ConsumedEntireMessage() ? Status() : kNoMessage;
  }

 private:
  // What the contract has under this tag; null: no message. Contracts do not nest in themselves.
  static const Descriptor* MessageOf(const Descriptor& message, uint32_t tag) {
    if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      return nullptr;
    }
    const auto* field = message.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    return field == nullptr ? nullptr : field->message_type();
  }

  Status Inner(const Descriptor& message) {
    int octets = 0;
    if (!ReadSize(octets)) return kNoMessage;
    const auto outer = in_.PushLimit(octets);
    if (auto counted = In(message); !counted) return counted;
    if (in_.BytesUntilLimit() != 0) return kNoMessage;
    in_.PopLimit(outer);
    return Count();
  }

  Status One(uint32_t tag) {
    return Skip(WireFormatLite::GetTagWireType(tag)) ? Count() : Status(kNoMessage);
  }

  Status Count() {
    if (++fields_ <= limits::kSyncFieldsPerMessageMax) return {};
    return Error{Errc::kTooLarge, "downstream: a message of too many fields"};
  }

  bool Skip(WireFormatLite::WireType type) {
    uint64_t varint = 0;
    int octets = 0;
    switch (type) {
      case WireFormatLite::WIRETYPE_VARINT:
        return in_.ReadVarint64(&varint);
      case WireFormatLite::WIRETYPE_FIXED64:
        return in_.Skip(sizeof(uint64_t));
      case WireFormatLite::WIRETYPE_LENGTH_DELIMITED:
        return ReadSize(octets) && in_.Skip(octets);
      case WireFormatLite::WIRETYPE_FIXED32:
        return in_.Skip(sizeof(uint32_t));
      default:
        return false;
    }
  }

  bool ReadSize(int& octets) {
    return in_.ReadVarintSizeAsInt(&octets) &&
           static_cast<size_t>(octets) <= limits::kGrpcMessageOctetsMax;
  }

  CodedInputStream& in_;
  size_t fields_ = 0;
};

}  // namespace

Status ParseMessage(grpc::ByteBuffer& octets, v1::FromChild& message) {
  {
    grpc::ProtoBufferReader stream(&octets);
    if (!stream.status().ok()) return kNoMessage;
    CodedInputStream in(&stream);
    if (auto counted = FieldCount(in).All(); !counted) return counted;
  }
  grpc::ProtoBufferReader stream(&octets);
  return message.ParseFromZeroCopyStream(&stream) ? Status() : Status(kNoMessage);
}

grpc::ByteBuffer Serialize(const v1::FromParent& message) {
  grpc::ByteBuffer octets;
  bool own = false;
  Require(grpc::SerializationTraits<v1::FromParent>::Serialize(message, &octets, &own).ok());
  return octets;
}

}  // namespace idnode
