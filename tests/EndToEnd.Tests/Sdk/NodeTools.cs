using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.Processes;

namespace Hype.EndToEnd.Tests.Sdk;

/// <summary>Runs the TypeScript compiler and the bundler esbuild, from the npm packages of <c>Interop/peers</c>, and npm.</summary>
internal static class NodeTools
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static readonly string[] StrictOptions =
        ["--strict", "--target", "esnext", "--module", "esnext", "--moduleResolution", "bundler", "--lib", "esnext,dom,dom.iterable",
            "--noEmit"];

    public static string WebRoot { get; } = Path.Combine(RepositoryPaths.Root, "Gateway", "wwwroot");

    public static string Sdk { get; } = Path.Combine(WebRoot, "sdk");

    /// <summary>Runs the TypeScript compiler with the given arguments.</summary>
    public static Task CompileAsync(string folder, params string[] arguments) =>
        ChildProcess.RunAsync("node", [Package("typescript", "bin", "tsc"), .. arguments], Limit, folder);

    /// <summary>Type-checks JavaScript modules and all modules that they import, with strict options.</summary>
    public static Task CheckModulesAsync(string folder, params string[] modules) =>
        CompileAsync(folder, [.. StrictOptions, "--allowJs", "--checkJs", .. modules]);

    /// <summary>
    /// Writes the type declarations for the SDK's modules in the folder <paramref name="sdk"/> to a file, with the TypeScript compiler.
    /// </summary>
    public static Task WriteDeclarationsAsync(string sdk, string output)
    {
        var script = RepositoryPaths.InProject("Sdk", "declarations.mjs");
        return ChildProcess.RunAsync("node", [script, sdk, Package("typescript", "lib", "typescript.js"), output], Limit, sdk);
    }

    public static Task BundleAsync(string folder, string page, string output) =>
        ChildProcess.RunAsync(
            Package("esbuild", "bin", "esbuild"), [page, "--bundle", "--format=esm", $"--outfile={output}"], Limit, folder);

    public static Task NpmAsync(string folder, params string[] arguments) => ChildProcess.RunAsync("npm", [.. arguments], Limit, folder);

    private static string Package(params string[] path) => RepositoryPaths.InProject(["Interop", "peers", "node_modules", .. path]);
}
