using System.Diagnostics.CodeAnalysis;
using System.Net;
using Hype.Hosting.Starting;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.Configuration;

internal sealed class MediaNodeOptionsValidator(MediaNodeRole role) : IValidateOptions<MediaNodeOptions>
{
    public ValidateOptionsResult Validate(string? name, MediaNodeOptions options)
    {
        var errors = new List<string>();
        void Require(bool holds, string sentence)
        {
            if (!holds)
                errors.Add($"{MediaNodeOptions.Section}:{sentence}");
        }

        Require(options.NodeId is { Length: >= 1 and <= 64 }, "NodeId must have 1-64 characters.");
        Require(options.Region is { Length: >= 1 and <= 64 }, "Region must have 1-64 characters.");
        Require(options.Workers is >= 0 and <= 256, "Workers must be 0 (one per core) to 256.");
        Require(options.UdpPort is >= 0 and <= 65_535, "UdpPort must be 0 (free ports) to 65535.");
        Require(options.UdpPort is < 1 or > 65_535 || options.UdpPort + options.CountWorkers() <= 65_536, "UdpPort leaves too few ports for the workers.");
        Require(Enum.IsDefined(options.Aes), "Aes must be Auto or OpenSsl.");
        Require(options.MaxEndpoints is >= 1 and <= 100_000, "MaxEndpoints must be 1-100000.");
        Require(options.MaxEndpointsPerWorker is >= 1 and <= 100_000, "MaxEndpointsPerWorker must be 1-100000.");
        Require(options.MaxPendingHandshakes is >= 1 and <= 100_000, "MaxPendingHandshakes must be 1-100000.");
        Require(options.HandshakesPerAddress is >= 1 and <= 100_000, "HandshakesPerAddress must be 1-100000.");
        Require(options.DrainTimeout >= TimeSpan.Zero && options.DrainTimeout <= TimeSpan.FromMinutes(10), "DrainTimeout must be 0 (stop at once) to 10 minutes.");
        foreach (var address in options.AnnouncedAddresses)
            Require(IPAddress.TryParse(address, out _), $"AnnouncedAddresses: '{address}' is not an IP address.");
        if (role == MediaNodeRole.Process)
        {
            Require(
                TryGetUrl(options.ControlUrl, out var control) && control.Scheme == Uri.UriSchemeHttp,
                $"ControlUrl: '{options.ControlUrl}' is not an http:// address.");
            Require(!IsWildcard(control), $"ControlUrl: '{options.ControlUrl}' must be an address at which the silos reach this node.");
            Require(
                options.MetricsUrl.Length == 0 || ListenAddress.Is(options.MetricsUrl),
                $"MetricsUrl {ListenAddress.Requirement(options.MetricsUrl)}");
            Require(options.Gateways.Length > 0, "Gateways must name at least one gateway's gRPC address.");
            foreach (var gateway in options.Gateways)
                Require(TryGetUrl(gateway, out _), $"Gateways: '{gateway}' is not an http:// or https:// address.");
        }
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static bool TryGetUrl(string text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);

    // 0.0.0.0 and [::] can be listened on, but the control plane connects to this very address.
    private static bool IsWildcard(Uri? url) =>
        url is not null && IPAddress.TryParse(url.DnsSafeHost, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
}
