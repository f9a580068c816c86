using System.Diagnostics.CodeAnalysis;
using System.Net;
using Hype.Hosting.Options;
using Hype.Hosting.Starting;
using Hype.MediaNode.Rooms;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.Configuration;

internal sealed class MediaNodeOptionsValidator(MediaNodeRole role) : IValidateOptions<MediaNodeOptions>
{
    public ValidateOptionsResult Validate(string? name, MediaNodeOptions options)
    {
        var checks = new OptionChecks(MediaNodeOptions.Section)
            .Require(options.NodeId is { Length: >= 1 and <= 64 }, nameof(options.NodeId), "must have 1-64 characters.")
            .Require(options.Region is { Length: >= 1 and <= 64 }, nameof(options.Region), "must have 1-64 characters.")
            .Require(options.Workers is >= 0 and <= 256, nameof(options.Workers), "must be 0 (one per core) to 256.")
            .Require(options.UdpPort is >= 0 and <= 65_535, nameof(options.UdpPort), "must be 0 (free ports) to 65535.")
            .Require(HasPortsForWorkers(options), nameof(options.UdpPort), "leaves too few ports for the workers.")
            .Require(Enum.IsDefined(options.Aes), nameof(options.Aes), "must be Auto or OpenSsl.")
            .Range(nameof(options.MaxEndpoints), options.MaxEndpoints, 1, 100_000)
            .Range(nameof(options.MaxEndpointsPerWorker), options.MaxEndpointsPerWorker, 1, 100_000)
            .Range(nameof(options.MaxPendingHandshakes), options.MaxPendingHandshakes, 1, 100_000)
            .Range(nameof(options.MaxPendingHandshakesPerRoom), options.MaxPendingHandshakesPerRoom, 1, 100_000)
            .Range(nameof(options.HandshakesPerAddress), options.HandshakesPerAddress, 1, 100_000)
            .Range(nameof(options.PacketsPerSecond), options.PacketsPerSecond, 50, SlotPace.PerSecond)
            .Range(nameof(options.BytesPerSecond), options.BytesPerSecond, 5_000, 10_000_000)
            .Range(nameof(options.ReportsPerSecond), options.ReportsPerSecond, 1, 1_000)
            .Range(nameof(options.DtlsRecordsPerSecond), options.DtlsRecordsPerSecond, 5, 1_000)
            .Range(nameof(options.DrainTimeout), options.DrainTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        foreach (var address in options.AnnouncedAddresses)
            checks.Require(
                IPAddress.TryParse(address, out _), nameof(options.AnnouncedAddresses), $"has '{address}', which is not an IP address.");
        if (role == MediaNodeRole.Process)
            CheckProcess(checks, options);
        return checks.Result();
    }

    private static void CheckProcess(OptionChecks checks, MediaNodeOptions options)
    {
        var url = options.ControlUrl;
        checks
            .Require(
                TryGetUrl(url, out var control) && control.Scheme == Uri.UriSchemeHttp, nameof(options.ControlUrl),
                $"is '{url}', which is not an http:// address.")
            .Require(
                !IsWildcard(control), nameof(options.ControlUrl),
                $"is '{url}', but must be an address at which the silos reach this node.")
            .Require(
                options.MetricsUrl.Length == 0 || ListenAddress.Is(options.MetricsUrl),
                nameof(options.MetricsUrl),
                ListenAddress.Requirement(options.MetricsUrl))
            .Require(options.Gateways.Length > 0, nameof(options.Gateways), "must name at least one gateway's gRPC address.");
        foreach (var gateway in options.Gateways)
            checks.Require(
                TryGetUrl(gateway, out _), nameof(options.Gateways), $"has '{gateway}', which is not an http:// or https:// address.");
    }

    private static bool HasPortsForWorkers(MediaNodeOptions options) =>
        options.UdpPort is < 1 or > 65_535 || options.UdpPort + options.CountWorkers() <= 65_536;

    private static bool TryGetUrl(string text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);

    // 0.0.0.0 and [::] can be listened on, but the control plane connects to this very address.
    private static bool IsWildcard(Uri? url) =>
        url is not null && IPAddress.TryParse(url.DnsSafeHost, out var address)
        && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
}
