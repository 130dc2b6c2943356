#include <optional>

#include "node/front/http/handle_authority.h"
#include "node/front/http/handle_request.h"
#include "node/runtime/clock.h"
#include "proto/base/text.h"
#include "proto/handle/responses.h"
#include "proto/web/handle_answers.h"

// GET /api/handles?prefix=, and /api/prefixes (spec/handle-protocol.md 4.6, 6.2-6.4).
namespace idnode {
namespace {

// Handles that one answer holds, and that one request walks over to count them. Longer lists are
// the binary protocol's, part by part, or those of /api/v1/identifiers.
constexpr size_t kHandlesMax = 100'000;
constexpr uint64_t kWalkedMax = 10'000'000;
constexpr size_t kStep = 1'000;

// Both, or none: the whole list.
Result<std::optional<ListedHandles::Page>> PageOf(const Query& query) {
  const std::string* number = query.Find("page");
  const std::string* size = query.Find("pageSize");
  if (number == nullptr || size == nullptr) return std::optional<ListedHandles::Page>();
  const auto page = ParseDecimal(*number, UINT32_MAX);
  const auto page_size = ParseDecimal(*size, kHandlesMax);
  if (!page || !page_size || number->empty() || size->empty()) {
    return Error{Errc::kMalformed, "page and pageSize: numbers, at most 100000 of a page"};
  }
  return std::optional(ListedHandles::Page{*page, *page_size});
}

// Walks the whole list, keeps a page of it.
class Walk {
 public:
  explicit Walk(const std::optional<ListedHandles::Page>& page) : page_(page) {}

  Status Run(const HandleAsked& asked, const HandleOperations& operations) {
    std::string next;
    do {
      HandleOutcome part = operations.ListPage(asked, next, kStep);
      if (!part.status) return part.status;
      for (std::string& handle : part.handles) {
        if (Keeps(total_++)) kept_.push_back(std::move(handle));
      }
      if (kept_.size() > kHandlesMax || total_ > kWalkedMax) {
        return Error{Errc::kTooLarge, "the list: ask for pages, or for /api/v1/identifiers"};
      }
      next = std::move(part.next);
    } while (!next.empty());
    return {};
  }

  void Write(std::string_view prefix, std::string& out) const {
    WriteHandleList({.prefix = prefix, .total = total_, .page = page_, .handles = kept_}, out);
  }

 private:
  bool Keeps(uint64_t place) const {
    if (!page_) return true;
    const uint64_t first = page_->number * page_->size;
    return place >= first && place - first < page_->size;
  }

  const std::optional<ListedHandles::Page> page_;
  uint64_t total_ = 0;
  std::vector<std::string> kept_;
};

struct ListQuestion {
  Query query;
  HandleAuthority authority;
  std::optional<ListedHandles::Page> page;
};
Result<ListQuestion> QuestionOf(const Request& request, Desk& desk) {
  if (desk.services.handles == nullptr) {
    return Error{Errc::kUnsupported, "the Handle protocol is not served"};
  }
  auto query = Query::Parse(request.query);
  if (!query) return query.error();
  auto page = PageOf(*query);
  if (!page) return page.error();
  auto authority = AuthorityOf(request, desk);
  if (!authority) return authority.error();
  return ListQuestion{std::move(*query), std::move(*authority), *page};
}

void List(const HandleAsked& asked, const ListQuestion& question, std::string_view shown_prefix,
          const Request& request, Desk& desk, Response& out) {
  const HandleOperations& operations = desk.services.handles->operations;
  Walk walk(question.page);
  Status listed = operations.BeginListing(asked, question.authority);
  if (listed) listed = walk.Run(asked, operations);
  if (!listed) {
    Refuse(listed.error(), 0, request, shown_prefix, out);
  } else {
    out.media_type = kHandleJsonMediaType;
    walk.Write(shown_prefix, out.body);
  }
  Present(question.query, out);
}

// Of the path, or of the parameter.
Result<std::string> PrefixAsked(const Request& request) {
  if (!request.rest.empty()) return PercentDecode(request.rest);
  const auto query = Query::Parse(request.query);
  if (!query) return query.error();
  const std::string* prefix = query->Find("prefix");
  if (prefix == nullptr || prefix->empty()) return Error{Errc::kMalformed, "prefix is missing"};
  return *prefix;
}

void Administer(HandleAction action, const Request& request, Desk& desk, Done answered) {
  Done done = Presented(request, std::move(answered));
  Response out;
  const auto refuse = [&](const Error& error) {
    Refuse(error, 0, request, {}, out);
    done(std::move(out));
  };
  auto question = QuestionOf(request, desk);
  if (!question) return refuse(question.error());
  auto prefix = PrefixAsked(request);
  if (!prefix) return refuse(prefix.error());
  auto asked = std::make_shared<HandleAsked>();
  asked->action = action;
  asked->handle = std::move(*prefix);
  desk.services.handles->operations.Perform(
      asked, question->authority, Now(), [&request, asked, done](HandleOutcome outcome) {
        constexpr uint32_t kSuccess = 1;
        Response answer;
        if (!outcome.status) {
          Refuse(outcome.status.error(), 0, request, asked->handle, answer);
        } else {
          answer.media_type = kHandleJsonMediaType;
          WriteResponse(kSuccess, PrefixHandleOf(asked->handle), {}, answer.body);
        }
        done(std::move(answer));
      });
}

}  // namespace

void ListHandles(const Request& request, Desk& desk, Response& out) {
  auto question = QuestionOf(request, desk);
  if (!question) return Refuse(question.error(), 0, request, {}, out);
  const std::string* prefix = question->query.Find("prefix");
  if (prefix == nullptr || prefix->empty()) {
    return Refuse({Errc::kInvalidIdentifier, "prefix is missing"}, 0, request, {}, out);
  }
  HandleAsked asked;
  asked.action = HandleAction::kList;
  asked.handle = PrefixHandleOf(*prefix);
  List(asked, *question, *prefix, request, desk, out);
}

void ListPrefixes(const Request& request, Desk& desk, Response& out) {
  auto question = QuestionOf(request, desk);
  if (!question) return Refuse(question.error(), 0, request, {}, out);
  HandleAsked asked;
  asked.action = HandleAction::kListHomed;
  asked.handle = "/";
  List(asked, *question, {}, request, desk, out);
}

void PostPrefix(const Request& request, Desk& desk, Done done) {
  Administer(HandleAction::kHome, request, desk, std::move(done));
}

void DeletePrefix(const Request& request, Desk& desk, Done done) {
  Administer(HandleAction::kUnhome, request, desk, std::move(done));
}

}  // namespace idnode
