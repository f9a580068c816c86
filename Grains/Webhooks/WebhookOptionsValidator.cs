using Hype.Hosting.Options;
using Microsoft.Extensions.Options;

namespace Hype.Grains.Webhooks;

internal sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    private const int MaxSecrets = 4;
    private const int MaxReceivers = 16;
    private const int MaxName = 32;

    private static readonly TimeSpan ShortestGiveUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestGiveUp = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        var checks = new OptionChecks(WebhookOptions.Section);
        if (options.Url.Length > 0)
            CheckAddress(checks, "", options.Url, options.Secrets);
        else
        {
            checks.Require(
                options.Secrets.Count == 0,
                nameof(options.Secrets),
                "have no use without a Url; a receiver with a name has secrets of its own.");
        }

        CheckEvents(checks, "", options.Events);
        checks
            .Range(nameof(options.MaxWaiting), options.MaxWaiting, 10, 100_000)
            .Range(nameof(options.BatchSize), options.BatchSize, 1, 1_000)
            .Range(nameof(options.Timeout), options.Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1))
            .Range(nameof(options.RetryDelay), options.RetryDelay, TimeSpan.FromMilliseconds(10), LongestRetryDelay)
            .Range(nameof(options.MaxRetryDelay), options.MaxRetryDelay, options.RetryDelay, TimeSpan.FromHours(1))
            .Range(nameof(options.GiveUpAfter), options.GiveUpAfter, ShortestGiveUp, LongestGiveUp);

        checks.Require(options.Receivers.Count <= MaxReceivers, nameof(options.Receivers), $"can be at most {MaxReceivers}.");
        foreach (var (receiver, own) in options.Receivers)
            Check(checks, receiver, own, options);
        return checks.Result();
    }

    private static void Check(OptionChecks checks, string name, WebhookReceiverOptions own, WebhookOptions shared)
    {
        var path = $"{nameof(shared.Receivers)}:{name}";
        checks
            .Require(IsName(name), path, $"must be named by 1 to {MaxName} of a-z, 0-9 and '-'.")
            .Require(
                name != WebhookReceiver.DefaultName || shared.Url.Length == 0,
                path,
                $"has the name of the receiver at {WebhookOptions.Section}:{nameof(shared.Url)}.");
        path += ':';
        CheckAddress(checks, path, own.Url, own.Secrets);
        CheckEvents(checks, path, own.Events ?? []);
        // Values that come from the shared options are checked there.
        if (own.MaxWaiting is { } waiting)
            checks.Range(path + nameof(own.MaxWaiting), waiting, 10, 100_000);
        if (own.BatchSize is { } size)
            checks.Range(path + nameof(own.BatchSize), size, 1, 1_000);
        if (own.Timeout is { } timeout)
            checks.Range(path + nameof(own.Timeout), timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        if (own.RetryDelay is { } delay)
            checks.Range(path + nameof(own.RetryDelay), delay, TimeSpan.FromMilliseconds(10), LongestRetryDelay);
        if (own.GiveUpAfter is { } giveUp)
            checks.Range(path + nameof(own.GiveUpAfter), giveUp, ShortestGiveUp, LongestGiveUp);
        if (own.RetryDelay is not null || own.MaxRetryDelay is not null)
        {
            var longest = own.MaxRetryDelay ?? shared.MaxRetryDelay;
            checks.Range(path + nameof(own.MaxRetryDelay), longest, own.RetryDelay ?? shared.RetryDelay, TimeSpan.FromHours(1));
        }
    }

    private static void CheckAddress(OptionChecks checks, string path, string url, IList<string> secrets)
    {
        checks
            .Require(IsHttp(url), path + nameof(WebhookOptions.Url), "must be an absolute http or https URL without user and fragment.")
            .Require(
                secrets.Count is >= 1 and <= MaxSecrets, path + nameof(WebhookOptions.Secrets), $"must list 1 to {MaxSecrets} secrets.");
        for (var i = 0; i < secrets.Count; i++)
        {
            // The secret must not appear in a log.
            checks.Require(
                WebhookSignature.TryReadSecret(secrets[i], out _),
                $"{path}{nameof(WebhookOptions.Secrets)}:{i}",
                $"must be {WebhookSignature.SecretPrefix} and base64 of 24 to 64 bytes.");
        }
    }

    private static void CheckEvents(OptionChecks checks, string path, IEnumerable<string> events)
    {
        foreach (var unknown in events.Except(WebhookEvents.All, StringComparer.Ordinal))
            checks.Require(
                false, path + nameof(WebhookOptions.Events), $"has '{unknown}'; the events are {string.Join(", ", WebhookEvents.All)}.");
    }

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= MaxName && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    private static bool IsHttp(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.UserInfo.Length == 0
        && uri.Fragment.Length == 0;
}
