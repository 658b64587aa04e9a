// A server that answers every question with one lie: the same hostile value in every field.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "fundtrail/v1/service.grpc.pb.h"
#include "ledger/model/entry.h"
#include "ledger/model/register_table.h"
#include "tests/support/hostile_values.h"

namespace fundtrail::testing {

// What the liar says just now.
struct Lie {
  HostileValues values;
  std::optional<grpc::Status> error;  // instead of any answer
  std::uint32_t depth_step = 0;       // in a tree: each so much deeper; 0: as `values` has it
  bool as_of_asked = false;           // registers as of the record that was asked for; else of another
  bool as_asked = false;              // lines of the register that was asked for; else of another
  // Whether commands are asked with --json too. Numbers say nothing new in it, and of errors one does.
  bool in_json = true;
};

class Liar final : public v1::Ledger::Service, public v1::Submission::Service {
 public:
  Liar() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.SetMaxReceiveMessageSize(-1);
    builder.SetMaxSendMessageSize(-1);
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(static_cast<v1::Ledger::Service*>(this));
    builder.RegisterService(static_cast<v1::Submission::Service*>(this));
    server_ = builder.BuildAndStart();
    address_ = "127.0.0.1:" + std::to_string(port);
  }
  ~Liar() override { server_->Shutdown(std::chrono::system_clock::now()); }
  const std::string& address() const { return address_; }
  Lie lie;

  using Context = grpc::ServerContext;
#define UNARY(NAME, REQUEST, ANSWER) \
  grpc::Status NAME(Context*, const v1::REQUEST*, v1::ANSWER* answer) override { return One(answer); }
#define PAGES(NAME, REQUEST, ANSWER)                                                                    \
  grpc::Status NAME(Context*, const v1::REQUEST* request, grpc::ServerWriter<v1::ANSWER>* w) override { \
    return Many(*request, w);                                                                           \
  }
#include "server/questions.def"
#undef UNARY
#undef PAGES
  grpc::Status Submit(Context*, const v1::SubmitRequest*, v1::Receipt* answer) override {
    return One(answer);
  }
  grpc::Status Try(Context*, const v1::SubmitRequest*, v1::Record* answer) override { return One(answer); }

 private:
  template <typename Answer>
  grpc::Status One(Answer* answer) const {
    if (lie.error.has_value()) return *lie.error;
    Fill(answer, lie.values);
    return grpc::Status::OK;
  }
  template <typename Request, typename Page>
  grpc::Status Many(const Request& request, grpc::ServerWriter<Page>* writer) const {
    if (lie.error.has_value()) return *lie.error;
    Page page;
    Fill(&page, lie.values);
    if constexpr (requires { page.clear_in_all(); }) page.clear_in_all();  // what is too few is told first
    if constexpr (std::is_same_v<Page, v1::RegistersAnswer>) AsAsked(request, &page);
    for (int i = 0; i < 3; ++i) writer->Write(page);
    return grpc::Status::OK;
  }
  void AsAsked(const v1::RegistersRequest& request, v1::RegistersAnswer* page) const {
    if (lie.as_of_asked) {
      page->clear_as_of_record();
      if (request.has_as_of()) page->set_as_of_record(request.as_of());
    }
    for (int i = 0; i < page->lines_size(); ++i) {
      // Filled, an action is of the last field of all; that each line is of the register that was asked for is checked first.
      if (lie.as_asked)
        Fill(model::MutableItemOf(*model::FindRegister(request.register_()),
                                  page->mutable_lines(i)->mutable_action()),
             lie.values);
      if (lie.depth_step > 0)
        page->mutable_lines(i)->set_depth(static_cast<std::uint32_t>(i) * lie.depth_step);
    }
  }

  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace fundtrail::testing
