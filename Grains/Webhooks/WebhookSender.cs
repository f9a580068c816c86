using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Webhooks;

/// <summary>Posts a batch to the receiver.</summary>
internal sealed class WebhookSender(IHttpClientFactory clients, IOptions<WebhookOptions> options, TimeProvider time)
{
    /// <summary>The name of the HTTP client.</summary>
    public const string Client = "webhooks";

    private readonly byte[][] _secrets = [.. options.Value.Secrets.Select(text => WebhookSignature.TryReadSecret(text, out var secret) ? secret : throw new FormatException(WebhookOptions.Section))];

    /// <summary>Null when the receiver has it (any 2xx); else why not, for the log.</summary>
    public async Task<string?> TrySendAsync(WebhookBatch batch, CancellationToken stop)
    {
        var body = Write(batch);
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        request.Headers.Add("webhook-id", batch.Id);
        request.Headers.Add("webhook-timestamp", now.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(_secrets, batch.Id, now, body));
        try
        {
            using var answer = await clients.CreateClient(Client).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            return answer.IsSuccessStatusCode ? null : $"it answered {(int)answer.StatusCode}";
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return exception.Message;
        }
        catch (OperationCanceledException)
        {
            return stop.IsCancellationRequested ? "this silo stops" : "it did not answer in time";
        }
    }

    private static byte[] Write(WebhookBatch batch)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("lost"u8, batch.Lost);
            json.WriteStartArray("events"u8);
            foreach (var happened in batch.Events)
                json.WriteRawValue(happened.Json, skipInputValidation: true);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
