using Hype.Grains.Hosting;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Webhooks;

/// <summary>Whom to tell of what happens in channels; bound from <c>Hype:Webhooks</c>. The same on all silos.</summary>
public sealed record WebhookOptions
{
    public const string Section = "Hype:Webhooks";

    /// <summary>Where events are posted: absolute, http or https. Default: none; without one nobody is told.</summary>
    public string Url { get; init; } = "";

    /// <summary>
    /// Keys of the signature, <c>whsec_</c> and base64 of 24–64 bytes (Standard Webhooks). 1–4; each signs, so that a new one may be
    /// added here first, then be taken over by the receiver, then replace the old one.
    /// </summary>
    public IList<string> Secrets { get; init; } = [];

    /// <summary>Which events; <c>changed</c> and <c>room</c> are others. Default: <c>joined</c>, <c>left</c>, <c>mode</c>, <c>settings</c>.</summary>
    public IList<string> Events { get; init; } = [];

    /// <summary>Events of one outbox that wait for the receiver; above it the oldest are dropped and counted. Default 1,000, range 10–100,000.</summary>
    public int MaxWaiting { get; init; } = 1_000;

    /// <summary>Events in one request. Default 50, range 1–1,000.</summary>
    public int BatchSize { get; init; } = 50;

    /// <summary>For the receiver to answer. Default 10 s, range 100 ms–60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After the first failure; doubled with each further one. Default 1 s, range 10 ms–1 min.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two tries. Default 60 s, range 10 ms–1 h.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMinutes(1);

    internal bool Enabled => Url.Length > 0;
}

internal sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    private const int MaxSecrets = 4;

    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var checks = new OptionChecks(WebhookOptions.Section)
            .Must(!options.Enabled || IsHttp(options.Url), nameof(options.Url), "must be an absolute http or https URL without user and fragment.")
            .Must(options.Secrets.Count <= MaxSecrets && (!options.Enabled || options.Secrets.Count > 0), nameof(options.Secrets), $"must list 1 to {MaxSecrets} secrets when there is a Url.")
            .Range(nameof(options.MaxWaiting), options.MaxWaiting, 10, 100_000)
            .Range(nameof(options.BatchSize), options.BatchSize, 1, 1_000)
            .Range(nameof(options.Timeout), options.Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1))
            .Range(nameof(options.RetryDelay), options.RetryDelay, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1))
            .Range(nameof(options.MaxRetryDelay), options.MaxRetryDelay, options.RetryDelay, TimeSpan.FromHours(1));
        for (var i = 0; i < options.Secrets.Count; i++)
        {
            // The secret itself is not for a log.
            checks.Must(WebhookSignature.TryReadSecret(options.Secrets[i], out _), $"{nameof(options.Secrets)}:{i}", $"must be {WebhookSignature.SecretPrefix} and base64 of 24 to 64 bytes.");
        }

        foreach (var unknown in options.Events.Except(WebhookEvents.All, StringComparer.Ordinal))
            checks.Must(false, nameof(options.Events), $"has '{unknown}'; there are {string.Join(", ", WebhookEvents.All)}.");
        return checks.Result();
    }

    private static bool IsHttp(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0;
}
