using System.Net;
using System.Text;
using System.Text.Json;
using Hype.Grains.Abstractions.Webhooks;
using Hype.Grains.Webhooks;
using Microsoft.Extensions.Time.Testing;

namespace Hype.Grains.Tests.Webhooks;

/// <summary>Tests the HTTP request to a receiver, and the reason that is returned for each kind of failure.</summary>
public sealed class WebhookSenderTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly WebhookBatch Batch = new(
        [new WebhookEvent("lobby/1", """{"id":"lobby/1"}""", 1), new WebhookEvent("lobby/2", """{"id":"lobby/2"}""", 2)], Lost: 3);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_795_745_590));
    private Transport _transport = null!;
    private WebhookReceiver _receiver = null!;

    [SetUp]
    public void CreateTransport()
    {
        _transport = new Transport();
        _receiver = new WebhookReceiver(
            "default", new WebhookReceiverOptions { Url = "https://receiver/hooks", Secrets = [Secret] }, new WebhookOptions());
    }

    [TearDown]
    public void DisposeTransport() => _transport.Dispose();

    [Test]
    public async Task Request_contains_the_events_the_signature_and_the_number_of_lost_events()
    {
        Assert.That(await SendAsync(), Is.EqualTo(WebhookOutcome.Accepted));
        var (request, body) = _transport.Requests.Single();
        Assert.That((request.Method, request.RequestUri), Is.EqualTo((HttpMethod.Post, new Uri("https://receiver/hooks"))));
        Assert.That(body, Is.EqualTo("""{"lost":3,"events":[{"id":"lobby/1"},{"id":"lobby/2"}]}"""));
        Assert.That(Header("webhook-id"), Is.EqualTo("lobby/1..lobby/2"));
        Assert.That(Header("webhook-timestamp"), Is.EqualTo("1795745590"));
        Assert.That(
            Header("webhook-signature"),
            Is.EqualTo(WebhookSignature.Sign(_receiver.Secrets, Batch.Id, 1_795_745_590, Encoding.UTF8.GetBytes(body))));
        Assert.That(JsonDocument.Parse(body).RootElement.GetProperty("events").GetArrayLength(), Is.EqualTo(2));

        string Header(string name) => request.Headers.GetValues(name).Single();
    }

    [TestCase(HttpStatusCode.OK, null)]
    [TestCase(HttpStatusCode.NoContent, null)]
    [TestCase(HttpStatusCode.MovedPermanently, "it answered 301")]
    [TestCase(HttpStatusCode.BadRequest, "it answered 400")]
    [TestCase(HttpStatusCode.ServiceUnavailable, "it answered 503")]
    public async Task Batch_is_accepted_only_with_a_success_status(HttpStatusCode status, string? refusal)
    {
        _transport.Answer = _ => Task.FromResult(new HttpResponseMessage(status));
        Assert.That((await SendAsync()).Refusal, Is.EqualTo(refusal));
    }

    [Test]
    public async Task Connection_failure_returns_the_exception_message_as_the_reason()
    {
        _transport.Answer = _ => throw new HttpRequestException("connection refused");
        Assert.That(await SendAsync(), Is.EqualTo(new WebhookOutcome("connection refused")));
    }

    [Test]
    public async Task Request_cancelled_by_the_shutdown_of_the_silo_reports_the_shutdown_as_the_reason()
    {
        using var stop = new CancellationTokenSource();
        _transport.Answer = async limit =>
        {
            await stop.CancelAsync();
            limit.ThrowIfCancellationRequested();
            return new HttpResponseMessage(HttpStatusCode.OK);
        };
        var outcome = await new WebhookSender(_transport, _time).TrySendAsync(_receiver, Batch, stop.Token);
        Assert.That(outcome.Refusal, Is.EqualTo("the silo stops"));
    }

    [Test]
    public async Task Request_timeout_returns_a_timeout_message_as_the_reason()
    {
        _transport.Answer = _ => throw new OperationCanceledException();
        Assert.That((await SendAsync()).Refusal, Is.EqualTo("it did not answer in time"));
    }

    [TestCase(HttpStatusCode.BadRequest, true)]
    [TestCase(HttpStatusCode.RequestEntityTooLarge, true)]
    [TestCase(HttpStatusCode.UnprocessableContent, true)]
    [TestCase(HttpStatusCode.Unauthorized, false)]
    [TestCase(HttpStatusCode.TooManyRequests, false)]
    [TestCase(HttpStatusCode.InternalServerError, false)]
    public async Task Status_states_whether_a_smaller_batch_may_be_accepted(HttpStatusCode status, bool isContent)
    {
        _transport.Answer = _ => Task.FromResult(new HttpResponseMessage(status));
        Assert.That((await SendAsync()).IsContent, Is.EqualTo(isContent));
    }

    [TestCase("120", 120)]
    [TestCase("Fri, 27 Nov 2026 02:15:10 GMT", 120)]
    [TestCase("Fri, 27 Nov 2026 02:13:00 GMT", null, Description = "a time in the past")]
    [TestCase("9999999", 3600, Description = "a mistake, limited to an hour")]
    [TestCase("soon", null)]
    public async Task Retry_after_is_read_as_seconds_or_as_a_date(string header, int? seconds)
    {
        _transport.Answer = _ =>
        {
            var answer = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
            answer.Headers.TryAddWithoutValidation("Retry-After", header);
            return Task.FromResult(answer);
        };
        Assert.That((await SendAsync()).RetryAfter?.TotalSeconds, Is.EqualTo(seconds));
    }

    private Task<WebhookOutcome> SendAsync() =>
        new WebhookSender(_transport, _time).TrySendAsync(_receiver, Batch, CancellationToken.None);

    /// <summary>A fake HTTP transport that records requests and answers them.</summary>
    private sealed class Transport : HttpMessageHandler, IHttpClientFactory
    {
        public List<(HttpRequestMessage Request, string Body)> Requests { get; } = [];

        public Func<CancellationToken, Task<HttpResponseMessage>> Answer { get; set; } =
            _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add((request, await request.Content!.ReadAsStringAsync(cancellationToken)));
            return await Answer(cancellationToken);
        }
    }
}
