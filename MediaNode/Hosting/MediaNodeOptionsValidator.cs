using System.Net;
using Microsoft.Extensions.Options;

namespace Hype.MediaNode.Hosting;

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
        Require(options.UdpPort == 0 || options.UdpPort + options.Workers <= 65_536, "UdpPort leaves too few ports for the workers.");
        Require(options.MaxEndpoints is >= 1 and <= 100_000, "MaxEndpoints must be 1-100000.");
        foreach (var address in options.AnnouncedAddresses)
            Require(IPAddress.TryParse(address, out _), $"AnnouncedAddresses: '{address}' is not an IP address.");
        if (role == MediaNodeRole.Process)
        {
            Require(IsHttpUrl(options.ControlUrl), $"ControlUrl: '{options.ControlUrl}' is not an http:// address.");
            Require(options.Gateways.Length > 0, "Gateways must name at least one gateway's gRPC address.");
            foreach (var gateway in options.Gateways)
                Require(IsHttpUrl(gateway), $"Gateways: '{gateway}' is not an http:// or https:// address.");
        }
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static bool IsHttpUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}
