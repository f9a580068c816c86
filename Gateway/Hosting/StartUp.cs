using Hype.Clustering;
using Hype.Gateway.Auth;
using Hype.Gateway.Configuration;
using Hype.Hosting.Starting;
using Microsoft.Extensions.Options;

namespace Hype.Gateway.Hosting;

internal static class StartUp
{
    /// <summary>Runs until the process is asked to stop, or explains why it cannot start. Returns the <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunOrExplainAsync(this WebApplication app, TextWriter errors)
    {
        var start = new ExplainedStart(app, "gateway", errors);
        return await start.FindObstacleAsync(Ports) ?? await start.RunAsync();
    }

    private static PortCheck Ports(IServiceProvider services)
    {
        var gateway = services.GetRequiredService<IOptions<GatewayOptions>>().Value;
        var ports = new PortCheck()
            .Web($"{GatewayOptions.Section}:{nameof(gateway.Url)}", gateway.Url)
            .Web($"{GatewayOptions.Section}:{nameof(gateway.MetricsUrl)}", gateway.MetricsUrl)
            .Web($"{GatewayOptions.Section}:{nameof(gateway.GrpcUrl)}", gateway.GrpcUrl)
            .Web($"{TlsOptions.Section}:{nameof(TlsOptions.Url)}", services.GetRequiredService<IOptions<TlsOptions>>().Value.Url);
        var embedded = ClusterOptions.IsEmbedded(services.GetRequiredService<IOptions<ClusterOptions>>().Value.Provider);
        return embedded ? ports.AddEmbeddedPorts(services) : ports;
    }
}
