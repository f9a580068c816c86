using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json;

namespace Hype.Grains.Webhooks;

/// <summary>Posts batches of events to webhook receivers, signed.</summary>
internal sealed class WebhookSender(IHttpClientFactory clients, TimeProvider time)
{
    /// <summary>The name of the configured HTTP client that sends the requests.</summary>
    public const string Client = "webhooks";

    /// <summary>The longest pause that a receiver can ask for: a mistake in its answer must not stop the events for days.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>Posts a batch to a receiver, which accepts it by any 2xx status.</summary>
    public async Task<WebhookOutcome> TrySendAsync(WebhookReceiver receiver, WebhookBatch batch, CancellationToken stop)
    {
        var body = Write(batch);
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, receiver.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        request.Headers.Add("webhook-id", batch.Id);
        request.Headers.Add("webhook-timestamp", now.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(receiver.Secrets, batch.Id, now, body));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(receiver.Timeout);
        try
        {
            using var answer = await clients.CreateClient(Client).SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return answer.IsSuccessStatusCode
                ? WebhookOutcome.Accepted
                : new WebhookOutcome($"it answered {(int)answer.StatusCode}", IsAboutContent(answer.StatusCode), RetryAfterOf(answer));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new WebhookOutcome(exception.Message);
        }
        catch (OperationCanceledException)
        {
            return new WebhookOutcome(stop.IsCancellationRequested ? "the silo stops" : "it did not answer in time");
        }
    }

    private static bool IsAboutContent(HttpStatusCode status) =>
        status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableContent;

    /// <summary>Reads <c>Retry-After</c> (RFC 9110 §10.2.3), which has seconds or a date.</summary>
    private TimeSpan? RetryAfterOf(HttpResponseMessage answer)
    {
        var pause = answer.Headers.RetryAfter?.Delta ?? answer.Headers.RetryAfter?.Date - time.GetUtcNow();
        return pause is { Ticks: > 0 } positive ? (positive < LongestRetryAfter ? positive : LongestRetryAfter) : null;
    }

    private static byte[] Write(WebhookBatch batch)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("lost"u8, batch.Lost);
            json.WriteStartArray("events"u8);
            foreach (var webhookEvent in batch.Events)
                json.WriteRawValue(webhookEvent.Json, skipInputValidation: true);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
